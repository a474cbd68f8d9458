// Becoming root for one question: by real processes, whose programs are played.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AskOptions, askRoot } from '../../../../src/core/test-build/as-root.ts'
import type { RootQuestion } from '../../../../src/core/test-build/root-question.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offload-tray-as-root-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function program(name: string, body: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 })
  return path
}
const never = new AbortController().signal
const options = (more: Partial<AskOptions> = {}): AskOptions => ({
  env: { PATH: process.env['PATH'] },
  signal: never,
  ways: [[]],
  ...more,
})
const question = (ssh: string, pinned: RootQuestion['pinned'] = null): RootQuestion => ({
  argv: [ssh, '-v'],
  pinned,
})
/** Speaks as ssh does where the other side has no Nix; keeps what it was given. */
const deaf = () =>
  program(
    'ssh',
    `cat >${folder}/in; env >${folder}/env; echo OpenSSH_9 >&2; echo 'sh: nix-store: not found' >&2; exit 127`,
  )

describe('asking root', () => {
  it('sends the question and gives the words, with no agent and in one language', async () => {
    const env = { ...options().env, SSH_AUTH_SOCK: '/agent', SHELL: '/odd', LANG: 'pt_BR.UTF-8' }
    const answer = await askRoot(question(deaf()), options({ env }))
    expect(answer).toMatchObject({ state: 'heard', words: 'sh: nix-store: not found' })
    expect(readFileSync(join(folder, 'in'))).toHaveLength(48)
    const seen = readFileSync(join(folder, 'env'), 'utf8')
    expect(seen).not.toMatch(/SSH_AUTH_SOCK|\/odd/)
    expect(seen).toContain('LC_ALL=C')
  })

  it('has the pinned host key in its file only while it asks, and never through a link', async () => {
    const file = join(folder, 'key')
    rmSync(file, { force: true })
    writeFileSync(join(folder, 'victim'), 'mine')
    const { symlinkSync } = await import('node:fs')
    symlinkSync(join(folder, 'victim'), file)
    const ssh = program('ssh', `cp ${file} ${folder}/seen; echo OpenSSH_9 >&2; exit 1`)
    await askRoot(question(ssh, { file, text: 'desktop ssh-ed25519 A\n' }), options())
    expect(readFileSync(join(folder, 'seen'), 'utf8')).toBe('desktop ssh-ed25519 A\n')
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('mine')
    expect(existsSync(file)).toBe(false)
  })

  it('goes on to sudo where pkexec can ask nobody, and takes a no for a no', async () => {
    const sudo = program('sudo', 'shift; exec "$@"')
    const cannot = program('pkexec', 'echo "No authentication agent found." >&2; exit 127')
    const ways = [[cannot], [sudo, '--']]
    expect(await askRoot(question(deaf()), options({ ways }))).toMatchObject({ state: 'heard' })
    const no = program('pkexec', 'echo "Request dismissed" >&2; exit 126')
    expect(await askRoot(question(deaf()), options({ ways: [[no], [sudo, '--']] }))).toMatchObject({
      state: 'refused',
      problem: { cause: 'laptop.pkexec-refused', raw: 'Request dismissed' },
    })
  })

  it('does not take a missing Nix, which is 127, too, for a dialog that could not open', async () => {
    const sudo = program('sudo', `touch ${folder}/asked; exit 1`)
    const pkexec = program('pkexec', 'exec "$@"')
    await askRoot(question(deaf()), options({ ways: [[pkexec], [sudo, '--']] }))
    expect(existsSync(join(folder, 'asked'))).toBe(false)
  })

  it('says so where there is no way to root, or the way does not start', async () => {
    expect(await askRoot(question(deaf()), options({ ways: [] }))).toMatchObject({
      problem: { cause: 'laptop.pkexec-missing' },
    })
    expect(await askRoot(question(deaf()), options({ ways: [[join(folder, 'gone')]] }))).toMatchObject({
      problem: { cause: 'laptop.pkexec-refused' },
    })
  })

  it('waits long for a password and not long for ssh, which is told as what it said so far', async () => {
    const slow = program('pkexec', 'sleep 0.4; shift; exec "$@"')
    const stuck = program('ssh', 'printf "OpenSSH_9\\nHello\\n" >&2; exec sleep 60')
    const asking = (patience: AskOptions['patience']) =>
      askRoot(question(stuck), options({ ways: [[slow, '--']], ...(patience && { patience }) }))
    expect(await asking({ password: 10_000, answer: 300 })).toMatchObject({
      state: 'heard',
      words: 'Hello\nno answer in 0.3 s',
    })
    expect(await asking({ password: 200, answer: 10_000 })).toMatchObject({
      state: 'refused',
      problem: { raw: 'no answer in 0.2 s' },
    })
  })

  it('ends the dialog when the person gives up, and waits for nobody', async () => {
    const giveUp = new AbortController()
    const pkexec = program('pkexec', `echo $$ >${folder}/pid; exec sleep 60`)
    const asking = askRoot(question(deaf()), options({ ways: [[pkexec]], signal: giveUp.signal }))
    await expect.poll(() => existsSync(join(folder, 'pid'))).toBe(true)
    giveUp.abort()
    expect(await asking).toEqual({ state: 'cancelled' })
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'))
    await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false)
    expect(await askRoot(question(deaf()), options({ signal: giveUp.signal }))).toEqual({
      state: 'cancelled',
    })
  })

  it('keeps no more than it can use of somebody who talks without end', async () => {
    const ssh = program(
      'ssh',
      'echo OpenSSH_9 >&2; yes 2>/dev/null | head -c 9000000 >&2; yes | head -c 9000000; exit 1',
    )
    const answer = await askRoot(question(ssh), options())
    expect(answer.state).toBe('heard')
    expect(JSON.stringify(answer).length).toBeLessThan(200_000)
  })
})
