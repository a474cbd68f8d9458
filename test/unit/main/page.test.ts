// The window's own files, served over app:// and nothing beside them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isOwnPage, pageFiles, servePage } from '../../../src/main/page.ts'

let root = ''
let files: ReadonlyMap<string, string> = new Map()

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'offload-tray-page-'))
  mkdirSync(join(root, 'renderer', 'assets'), { recursive: true })
  writeFileSync(join(root, 'secret.html'), 'secret')
  writeFileSync(join(root, 'renderer', 'index.html'), '<p>hello</p>')
  writeFileSync(join(root, 'renderer', 'assets', 'main.js'), 'run()')
  writeFileSync(join(root, 'renderer', 'assets', 'main.js.map'), '{}')
  files = await pageFiles(join(root, 'renderer'))
})
afterAll(() => rmSync(root, { recursive: true }))

describe('the window’s files', () => {
  it('serves what was built, with its type and a policy that lets nothing in', async () => {
    const answer = await servePage(files, 'app://offload-tray/index.html')
    expect(await answer.text()).toBe('<p>hello</p>')
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(
      (await servePage(files, 'app://offload-tray/assets/main.js')).headers.get('content-type'),
    ).toContain('javascript')
  })

  it.each([
    'app://offload-tray/../secret.html',
    'app://offload-tray/assets/../../secret.html',
    'app://offload-tray/%2e%2e/secret.html',
    'app://offload-tray/..%2fsecret.html',
    'app://offload-tray/assets/main.js.map',
    'app://offload-tray/',
    'app://offload-tray/nothing.html',
    'app://elsewhere/index.html',
    'file:///etc/passwd',
    'not an address',
  ])('has nothing at %s', async (url) => {
    expect((await servePage(files, url)).status).toBe(404)
  })

  it('says that a file is unreadable, and lives on', async () => {
    const gone = new Map([['/index.html', join(root, 'gone.html')]])
    expect((await servePage(gone, 'app://offload-tray/index.html')).status).toBe(500)
  })

  it('knows its own pages from others', () => {
    expect(isOwnPage('app://offload-tray/index.html')).toBe(true)
    for (const other of [
      'https://offload-tray/index.html',
      'app://offload-tray.evil/index.html',
      'app://user@offload-tray/index.html',
      'app://offload-tray:8080/index.html',
      'file:///index.html',
      'about:blank',
      '',
    ]) {
      expect(isOwnPage(other), other).toBe(false)
    }
  })
})
