// What may stand in the packaged app's archive.
import { describe, expect, it } from 'vitest'
import { forbidden, missing } from '../../../scripts/package.ts'

describe('the packaged archive', () => {
  it('may hold no native code, no second copy of a bundled library, and no program for another system', () => {
    const files = [
      '/out/main/index.cjs',
      '/node_modules/ssh2/lib/protocol/crypto/build/Release/sshcrypto.node',
      '/node_modules/cpu-features/package.json',
      '/node_modules/node-notifier/vendor/notifu/notifu.exe',
      '/src/main/index.ts',
    ]
    const named = forbidden(files).map((line) => line.split(' ')[0])
    expect(new Set(named)).toEqual(new Set(files.slice(1)))
  })

  it('may hold the app and node-notifier', () => {
    expect(
      forbidden(['/package.json', '/out/renderer/index.html', '/node_modules/node-notifier/index.js']),
    ).toEqual([])
  })

  it('must hold everything that was built', () => {
    const built = ['/out/main/index.cjs', '/out/main/chunks/prove-1.cjs']
    const files = ['/package.json', '/node_modules/node-notifier/package.json', '/out/main/index.cjs']
    expect(missing(files, built)).toEqual(['/out/main/chunks/prove-1.cjs'])
  })
})
