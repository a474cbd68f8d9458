// What root's ssh said, and what it makes of a verdict.
import { describe, expect, it } from 'vitest'
import { isHidden, type Ran, readAnswer, sharpened } from '../../../../src/core/test-build/root-answer.ts'
import { questionOf } from '../../../../src/core/test-build/root-question.ts'
import { serveQuestion } from '../../../../src/core/test-build/serve-question.ts'
import { problem } from '../../../../src/shared/outcome.ts'
import type { TestBuildResult } from '../../../../src/shared/test-build.ts'
import { builder as aBuilder } from '../monitor/fixtures.ts'

const builder = aBuilder()
const question = questionOf(builder, '/usr/bin/ssh', '/run/key')
if (question === null) throw new Error('no question')
const hidden: Extract<TestBuildResult, { ok: false }> = {
  ok: false,
  builder: builder.id,
  uri: builder.uri,
  problem: problem('nix.no-answer', { host: 'desktop' }, 'cannot build on: unexpected end-of-file'),
  stage: 'connect',
  ms: 1,
  stages: [],
  cancelled: false,
}

// As a desktop's Nix 2.26 sent them.
const magic = Buffer.from('cbee5254000000000702000000000000', 'hex')
const none = Buffer.alloc(8)
const whole = Buffer.concat([magic, none])
const began = 'OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19\ndebug1: identity file /k type 3\n'
const ran = (stderr: string, stdout = Buffer.alloc(0), code = 1): Ran => ({
  code,
  stdout,
  stderr: began + stderr,
})
const judged = (one: Ran) => sharpened(hidden, builder, question, readAnswer(one))

describe('the question on the wire', () => {
  it('is the one that Nix 2.8 and 2.26 answered', () => {
    expect(serveQuestion.toString('hex')).toBe(
      `eb9d0c390000000005020000000000000100000000000000${'00'.repeat(24)}`,
    )
  })
})

describe('what root was told', () => {
  it.each([
    ['bash: line 1: nix-store: command not found', 'nix.not-found'],
    [
      "error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused",
      'nix.daemon-down',
    ],
    [
      "error: cannot open connection to remote store 'daemon': error: reading from file: Connection reset by peer",
      'nix.not-allowed',
    ],
    // Nix 2.34
    [
      "error: cannot open connection to remote store 'daemon': error: read of 32768 bytes: Connection reset by peer",
      'nix.not-allowed',
    ],
    ['error: getting status of "/nix/var/nix/daemon-socket/socket": Permission denied', 'nix.not-allowed'],
    ["error: getting status of '/nix/var/nix/daemon-socket/socket': Permission denied", 'nix.not-allowed'],
    ['error: getting status of /nix/var/nix/daemon-socket/socket: Permission denied', 'nix.not-allowed'],
    ['nix-builder@desktop: Permission denied (publickey).', 'ssh.key-refused'],
    ['ssh: connect to host desktop port 22: No route to host', 'net.unreachable'],
  ])('%s is %s', (words, cause) => {
    const result = judged(ran(`${words}\n`, magic))
    expect(result).toMatchObject({ problem: { cause }, asRoot: { state: 'told' } })
    expect(Object.values(result.problem.params ?? {})).not.toContain('?')
    const [asked, heard, ...nix] = result.problem.raw?.split('\n') ?? []
    expect(asked).toMatch(/^# \/usr\/bin\/ssh -v /)
    expect([heard, ...nix]).toEqual([words, hidden.problem.raw])
  })

  it('names the host key that it saw, though only -v says so, and keeps that out of the details', () => {
    const result = judged(
      ran(`debug1: Server host key: ssh-ed25519 SHA256:${'a'.repeat(43)}\nHost key verification failed.\n`),
    )
    expect(result.problem).toMatchObject({
      cause: 'ssh.host-key-unknown',
      params: { offered: `SHA256:${'a'.repeat(43)}` },
    })
    expect(result.problem.raw).not.toContain('debug1')
  })

  it('may come on the wrong way out: a shell that speaks before Nix does', () => {
    const noisy = Buffer.concat([Buffer.from('Welcome!\n'), whole])
    expect(judged(ran('', noisy, 0)).problem.cause).toBe('desktop.shell-noise')
    const nologin = Buffer.from('This account is currently not available.\n')
    expect(judged(ran('', nologin)).problem.cause).toBe('desktop.builder-shell')
  })

  it('stays open where nobody knows the words, which are added to the details', () => {
    const result = judged(ran('Sorry, only on Tuesdays.\n'))
    expect(result).toMatchObject({ problem: { cause: 'nix.no-answer' }, asRoot: { state: 'unknown' } })
    expect(result.problem.raw).toContain('Tuesdays')
  })

  it('is that Nix answers now, where the whole answer came; half of one is none', () => {
    expect(judged(ran('', whole, 0))).toEqual({ ...hidden, asRoot: { state: 'answers' } })
    expect(judged(ran('', magic, 0)).asRoot).toEqual({ state: 'unknown' })
    expect(judged(ran('', whole, 255)).asRoot).toEqual({ state: 'unknown' })
  })

  it.each([
    ['', 126],
    ['Error executing command as another user: Request dismissed\n', 126],
    ['sudo: 3 incorrect password attempts\n', 1],
  ])('is nothing where ssh never began (%j)', (stderr, code) => {
    const answer = readAnswer({ code, stdout: Buffer.alloc(0), stderr })
    expect(sharpened(hidden, builder, question, answer)).toMatchObject({
      problem: hidden.problem,
      asRoot: { state: 'refused', problem: { cause: 'laptop.pkexec-refused', raw: stderr.trim() } },
    })
  })

  it('is heard of an OpenSSH 10, too, whose name is a debug line', () => {
    const stderr =
      'debug1: OpenSSH_10.0p2 Debian-7, OpenSSL 3.5.7\nbash: line 1: nix-store: command not found\n'
    expect(judged({ code: 127, stdout: Buffer.alloc(0), stderr }).problem.cause).toBe('nix.not-found')
  })

  it('never grows without end, however often it is asked', () => {
    let result = hidden
    for (let n = 0; n < 50; n += 1)
      result = sharpened(result, builder, question, readAnswer(ran('what?\n'.repeat(900))))
    expect(result.problem.raw?.length).toBeLessThanOrEqual(10_000)
  })

  it('leaves nothing that acts on a terminal', () => {
    expect(judged(ran('\u001b]0;evil\u0007no\n')).problem.raw).not.toMatch(/\p{Cc}(?<!\n)/u)
  })
})

describe('a hidden reason', () => {
  it('is what root is asked about, and nothing else', () => {
    expect(isHidden(hidden)).toBe(true)
    expect(isHidden({ ...hidden, cancelled: true })).toBe(false)
    expect(isHidden({ ...hidden, problem: problem('nix.not-found') })).toBe(false)
  })
})
