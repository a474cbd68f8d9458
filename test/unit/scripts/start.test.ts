// What `npm start` decides before it starts anything, and how it stands in for its child.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectRoot } from '../../../scripts/electron/places.ts'
import { isStale } from '../../../scripts/start/build.ts'
import { hasDisplay } from '../../../scripts/start/launch.ts'
import { decideSandbox } from '../../../scripts/start/sandbox.ts'

const facts = { root: false, namespaces: true, suid: false, asked: false, executable: '/d/electron' }

describe('the sandbox', () => {
  it('stays on for a user with namespaces or with the setuid helper', () => {
    expect(decideSandbox(facts).state).toBe('on')
    expect(decideSandbox({ ...facts, namespaces: false, suid: true }).state).toBe('on')
  })

  it('is off for root, with a warning in one line', () => {
    const it = decideSandbox({ ...facts, root: true })
    expect(it).toMatchObject({ state: 'off', warning: expect.stringContaining('root') })
    expect('warning' in it && it.warning).not.toContain('\n')
  })

  it('is off where you ask for it', () => {
    expect(decideSandbox({ ...facts, namespaces: false, asked: true }).state).toBe('off')
  })

  it('names the helper and the ways out where nothing works', () => {
    expect(decideSandbox({ ...facts, namespaces: false })).toMatchObject({
      state: 'unusable',
      advice: expect.stringMatching(/chmod 4755 \/d\/chrome-sandbox[\s\S]*--no-sandbox/),
    })
  })
})

describe('a display', () => {
  it('is X11 or Wayland', () => {
    expect(hasDisplay({ DISPLAY: ':0' })).toBe(true)
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' })).toBe(true)
    expect(hasDisplay({ DISPLAY: '' })).toBe(false)
  })
})

describe('the build', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'offload-stale-'))
    touch('src/main/index.ts', 1000)
    for (const result of [
      'main/index.cjs',
      'main/offload-status.cjs',
      'preload/index.cjs',
      'renderer/index.html',
    ]) {
      touch(`out/${result}`, 2000)
    }
    for (const folder of ['src/main', 'src']) utimesSync(join(root, folder), 1000, 1000)
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  function touch(path: string, seconds: number): void {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), '')
    utimesSync(join(root, path), seconds, seconds)
  }

  it('is kept while it is newer than every source', () => {
    expect(isStale(root)).toBe(false)
  })

  it('is made anew after a change, a removed source or a missing result', () => {
    touch('src/main/index.ts', 3000)
    expect(isStale(root)).toBe(true)
    touch('src/main/index.ts', 1000)
    rmSync(join(root, 'src/main/index.ts'))
    expect(isStale(root)).toBe(true)
    utimesSync(join(root, 'src/main'), 1000, 1000)
    expect(isStale(root)).toBe(false)
    rmSync(join(root, 'out/preload/index.cjs'))
    expect(isStale(root)).toBe(true)
  })
})

describe('standing in for a child', () => {
  /** A process that runs `script` (sh) through runInPlace and exits with what that gives. */
  function standIn(script: string) {
    const module = JSON.stringify(join(projectRoot, 'scripts/start/child.ts'))
    const code = `import { runInPlace } from ${module}; process.exit(await runInPlace('sh', ['-c', ${JSON.stringify(script)}]))`
    const args = ['--import', 'tsx', '--input-type=module', '-e', code]
    const child = spawn(process.execPath, args, { cwd: projectRoot, stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    const ready = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()))
    return { child, ended, ready }
  }

  it("gives the child's exit code", async () => {
    expect(await standIn('exit 7').ended).toBe(7)
    expect(await standIn('kill -TERM $$').ended).toBe(143)
  })

  it('passes a signal on and waits for the child to end', async () => {
    const { child, ended, ready } = standIn(
      'trap "exit 9" TERM; echo ready; for i in $(seq 100); do sleep 0.05; done',
    )
    await ready
    child.kill('SIGTERM')
    expect(await ended).toBe(9)
  })
})
