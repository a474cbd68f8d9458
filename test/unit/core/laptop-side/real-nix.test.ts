// The real Nix reads what an edit wrote: the setting counts, wherever the includes and the other lines stand.
import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { addWord, setSetting } from '../../../../src/core/laptop-side/nix-conf-edit.ts'
import type { Texts } from '../../../../src/core/laptop-side/texts.ts'
import { canRun } from '../../../needs.ts'
import { tree } from '../laptop/tree.ts'

/** nix.conf, and the file it may include. */
const shapes: readonly (readonly [main: string, custom: string | null])[] = [
  ['', null],
  ['substituters = http://a', null],
  ['extra-substituters = http://a\nsubstituters = http://b\n', null],
  ['!include nix.custom.conf\nsubstituters = http://b\n', ''],
  ['substituters = http://b\n!include nix.custom.conf\n', null],
  ['substituters = http://b\n!include nix.custom.conf\n', 'substituters = http://c\nfallback = false\n'],
  ['fallback = true\n  fallback = false # x\n', null],
  ['fallback = false\n!include nix.custom.conf\n', ''],
  ['!include nix.custom.conf\nfallback = false\n', 'fallback = true\n'],
]

describe.runIf(canRun('nix'))('the real Nix', () => {
  it.each(shapes)('takes the cache and the fallback from %j with %j', async (main, custom) => {
    const folder = await tree()
    const conf = join(folder, 'nix.conf')
    const before: Texts = new Map([
      [conf, main],
      [join(folder, 'nix.custom.conf'), custom],
    ])
    const added = addWord(before, conf, 'substituters', 'http://desktop:5000')
    for (const [path, text] of setSetting(added, conf, 'fallback', 'true'))
      if (text !== null) await writeFile(path, text)
    const env = { PATH: process.env['PATH'], HOME: folder, NIX_CONF_DIR: folder, NIX_USER_CONF_FILES: '' }
    const args = ['--extra-experimental-features', 'nix-command', 'show-config', '--json']
    const said = JSON.parse(
      execFileSync('nix', args, { env, stdio: ['ignore', 'pipe', 'ignore'] }).toString(),
    )
    expect(said.substituters.value).toContain('http://desktop:5000')
    expect(said.fallback.value).toBe(true)
  })
})
