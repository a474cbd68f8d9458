// The built offload-status as a process, against its demo desktop: what it prints where, its exit codes, how it ends.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { assertBuilt, program } from './status-cli.ts'

let home: string

beforeAll(() => {
  assertBuilt()
  home = mkdtempSync(join(tmpdir(), 'status-process-'))
})
afterAll(() => rmSync(home, { recursive: true, force: true }))

const env = (more: Record<string, string> = {}) => ({
  PATH: process.env['PATH'],
  HOME: home,
  TMPDIR: home,
  ...more,
})

/** Whether a process has a handler of its own for that signal (SigCgt, proc(5)). */
function heeds(pid: number | undefined, signal: number): boolean {
  const caught = /^SigCgt:\s+(\w+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0'
  return ((BigInt(`0x${caught}`) >> BigInt(signal - 1)) & 1n) === 1n
}

const run = (args: readonly string[], more: Record<string, string> = {}) =>
  spawnSync(process.execPath, [program, ...args], { env: env(more), encoding: 'utf8', timeout: 60_000 })

describe('offload-status', () => {
  it.each([
    [0, 'ready', []],
    [0, 'building', ['builds-running']],
    [1, 'degraded', ['cache-stopped']],
    [3, 'local', ['key-refused']],
    [3, 'blocked', ['sshd-stopped', 'max-jobs-0']],
    [4, 'unconfigured', ['no-builder']],
  ])('exits with %i when it is %s', (code, overall, faults) => {
    const ran = run(['--demo', '--json', ...faults.flatMap((fault) => ['--fault', fault])])
    expect(JSON.parse(ran.stdout)).toMatchObject({ schema: 1, overall })
    expect(ran.stdout.split('\n')).toHaveLength(2)
    expect({ code: ran.status, errors: ran.stderr }).toEqual({ code, errors: '' })
  })

  it('never hides a waybar module: its exit code is 0 whatever is wrong', () => {
    const ran = run(['--demo', '--waybar', '--fault', 'key-refused'])
    expect(JSON.parse(ran.stdout)).toMatchObject({ class: 'local' })
    expect(ran.status).toBe(0)
  })

  it('speaks the environment’s language, with the same headings, and without colours in a pipe', () => {
    const ran = run(['--demo'], { LANG: 'pt_BR.UTF-8' })
    expect(ran.stdout).toContain('📡 Desktop Connection:\n✅ Desktop reachable at ')
    expect(ran.stdout).toContain('Os builds rodam em')
    expect(ran.stdout).not.toContain(String.fromCharCode(27))
  })

  it('says wrong usage on stderr with code 2, and help on stdout with code 0', () => {
    const wrong = run(['--nonsense'])
    expect(wrong).toMatchObject({ status: 2, stdout: '' })
    expect(wrong.stderr).toContain('--nonsense')
    const help = run(['--help'])
    expect(help).toMatchObject({ status: 0, stderr: '' })
    expect(help.stdout).toMatch(/^Usage: offload-status/)
  })

  it('leaves nothing behind of the demo', () => {
    run(['--demo'])
    expect(readdirSync(home)).toEqual([])
  })

  it('leaves nothing behind of the demo when it is ended in the middle', async () => {
    const child = spawn(process.execPath, [program, '--demo', '--fault', 'desktop-silent'], { env: env() })
    const ended = new Promise((resolve) => child.once('close', resolve))
    // Its look at a silent desktop takes seconds; it has begun once it is ready to be ended (Node itself heeds no SIGHUP).
    const isLooking = () => readdirSync(home).length > 0 && heeds(child.pid, 1)
    await expect.poll(isLooking, { interval: 20 }).toBe(true)
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    expect(readdirSync(home)).toEqual([])
  })

  it('says what is wrong in the settings and goes on', () => {
    const settings = join(home, 'config')
    spawnSync('sh', [
      '-c',
      `mkdir -p ${settings}/offload-tray && echo 'heartbeatSeconds = 1' > ${settings}/offload-tray/config.toml`,
    ])
    const ran = run(['--json'], { XDG_CONFIG_HOME: settings })
    rmSync(settings, { recursive: true })
    expect(ran.stderr).toContain('config.toml')
    expect(JSON.parse(ran.stdout)).toMatchObject({ schema: 1 })
  })
})

describe('offload-status --watch', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('ends at once and cleanly on %s', async (signal) => {
    const child = spawn(process.execPath, [program, '--demo', '--watch', '--json'], { env: env() })
    let errors = ''
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    let out = ''
    await new Promise<void>((resolve) =>
      child.stdout.on('data', (chunk) => {
        out += chunk
        if (out.includes('"overall":"ready"')) resolve()
      }),
    )
    const from = performance.now()
    child.kill(signal)
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    // Not only with the next heartbeat, which is 30 s away.
    expect(performance.now() - from).toBeLessThan(15_000)
    expect(readdirSync(home)).toEqual([])
  })

  it('ends quietly and cleanly when its reader goes away', async () => {
    const child = spawn(
      'sh',
      ['-c', `"$0" "$1" --demo --watch --json | head -n 1`, process.execPath, program],
      {
        env: env(),
      },
    )
    let errors = ''
    child.stderr.on('data', (chunk) => {
      errors += chunk
    })
    await new Promise((resolve) => child.once('close', resolve))
    expect(errors).toBe('')
    expect(readdirSync(home)).toEqual([])
  })
})
