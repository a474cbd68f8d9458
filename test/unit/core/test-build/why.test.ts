// Whom a failed or silent test build is asked about, and when nobody is asked any more.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Builder } from '../../../../src/core/laptop/facts.ts'
import { withoutTrace } from '../../../../src/core/test-build/lines.ts'
import { plainRow } from '../../../../src/core/test-build/plainly.ts'
import { enter, startTrack } from '../../../../src/core/test-build/track.ts'
import { type Failure, whyFailed } from '../../../../src/core/test-build/why.ts'
import { type Problem, problem } from '../../../../src/shared/outcome.ts'
import type { StageId } from '../../../../src/shared/test-build.ts'
import { builder as aBuilder } from '../monitor/fixtures.ts'

const builder = aBuilder('desktop', { keyPath: null, maxJobs: 1 })

function silent(
  stage: StageId,
  explain: () => Promise<Problem | null>,
  givenUp: Promise<unknown> = new Promise(() => undefined),
): Failure {
  const fresh = startTrack(0, { upload: 1, download: 1 })
  return {
    where: 'taken',
    lines: [],
    track: { ...enter(fresh, stage, 1), machine: builder.uri },
    options: { builder, env: {}, explain },
    stop: { why: 'stalled', stage, seconds: 20 },
    since: 0,
    givenUp,
    say: () => undefined,
  }
}
const says = (cause: Problem['cause']) => async () => problem(cause, { host: 'desktop', port: 22 })

describe('a silence', () => {
  it.each([
    ['upload', 'net.unreachable', 'net.unreachable'],
    ['build', 'net.timeout', 'net.timeout'],
    ['download', 'net.timeout', 'net.timeout'],
    // The connection stood: what a new login would meet did not cause this.
    ['upload', 'ssh.key-refused', 'nix.stalled'],
    ['connect', 'ssh.banner-timeout', 'ssh.banner-timeout'],
    // All slots taken: the desktop may well be fine.
    ['wait', 'net.timeout', 'nix.busy'],
    // Nobody was asked yet.
    ['evaluate', 'net.timeout', 'laptop.nix-silent'],
  ] as const)('during %s, where our checks say %s, is %s', async (stage, said, cause) => {
    const found = await whyFailed(silent(stage, says(said)))
    expect(found).toMatchObject({ cause, params: { stage, seconds: 20 } })
  })

  it('is none where the time was over while it moved', async () => {
    const late = {
      ...silent('upload', says('net.timeout')),
      stop: { why: 'late', stage: 'upload', seconds: 90 } as const,
    }
    expect(await whyFailed(late)).toMatchObject({
      cause: 'nix.too-slow',
      params: { stage: 'upload', seconds: 90 },
    })
  })

  it('is a busy desktop where the time was over while all its slots were taken', async () => {
    const late = {
      ...silent('wait', async () => null),
      stop: { why: 'late', stage: 'wait', seconds: 122 } as const,
    }
    expect(await whyFailed(late)).toMatchObject({
      cause: 'nix.busy',
      params: { host: 'desktop', seconds: 122 },
    })
  })

  it('does not show as words of Nix what our own ending it made Nix say', async () => {
    const ended = { ...silent('upload', async () => null), lines: ['error: interrupted by the user'] }
    expect((await whyFailed(ended)).raw ?? '').toBe('')
  })

  it('is named after its stage where our checks find nothing', async () => {
    expect(await whyFailed(silent('upload', async () => null))).toMatchObject({ cause: 'nix.stalled' })
  })

  it('is not looked into any longer once the person gives up', async () => {
    const forEver = () => new Promise<null>(() => undefined)
    const found = await whyFailed(silent('upload', forEver, Promise.resolve()))
    expect(found.cause).toBe('nix.stalled')
  })
})

describe('an end in the middle', () => {
  const gone = [
    'error: unexpected end-of-file',
    "error: builder for '/nix/store/a-offload-probe.drv' failed with exit code 1",
  ]
  const inTheMiddle = (explain: () => Promise<Problem | null>, lines = gone): Failure => ({
    ...silent('build', explain),
    stop: null,
    lines,
  })

  it.each([
    ['net.unreachable', 'net.connection-lost'],
    ['ssh.port-closed', 'net.connection-lost'],
    ['ssh.host-key-unknown', 'nix.hung-up'],
    ['laptop.host-key-pin-missed', 'nix.hung-up'],
    ['nix.daemon-down', 'nix.daemon-down'],
  ] as const)('where our checks say %s right after it is %s', async (said, cause) => {
    const found = await whyFailed(inTheMiddle(says(said)))
    expect(found).toMatchObject({ cause, params: { host: 'desktop' }, raw: gone.join('\n') })
  })

  it('is the desktop’s Nix where the way there is open, unless ssh says that its connection ended', async () => {
    expect((await whyFailed(inTheMiddle(async () => null))).cause).toBe('nix.hung-up')
    const words = ['Connection to desktop closed by remote host.', ...gone]
    expect((await whyFailed(inTheMiddle(async () => null, words))).cause).toBe('net.connection-lost')
  })

  it('is a lost connection where Nix 2.34 left no more than an empty line of what ssh said', async () => {
    const words = ['offload-test-build: start x', '', ...gone]
    expect((await whyFailed(inTheMiddle(async () => null, words))).cause).toBe('net.connection-lost')
  })

  it('is a lost connection where nobody can look, or the person gives up', async () => {
    const blind = { ...inTheMiddle(async () => null), options: { builder, env: {} } }
    expect((await whyFailed(blind)).cause).toBe('net.connection-lost')
    const forEver = inTheMiddle(() => new Promise<null>(() => undefined))
    const found = await whyFailed({ ...forEver, givenUp: Promise.resolve() })
    expect(found.cause).toBe('net.connection-lost')
  })
})

describe('a reason that ssh-ng hides', () => {
  const ended = {
    2.8: "cannot build on 'ssh-ng://nix-builder@desktop': error: cannot open connection to remote store 'ssh-ng://nix-builder@desktop': error: unexpected end-of-file",
    2.26: "cannot build on 'ssh-ng://nix-builder@desktop': error: failed to start SSH connection to 'nix-builder@desktop'",
  }
  const hidden = (line: string, more: Partial<Failure>): Failure => ({
    ...silent('connect', async () => null),
    where: 'connecting',
    lines: [line],
    track: startTrack(0, { upload: 1, download: 1 }),
    stop: null,
    ...more,
  })
  const overSsh = (line: string): Partial<Failure> => ({
    askPlainly: async () => ({ builder, where: 'connecting', downloading: false, lines: [line] }),
  })

  it('is what ssh says where the user may ask so', async () => {
    const says = overSsh(
      "cannot build on 'ssh://nix-builder@desktop': error: cannot connect to 'nix-builder@desktop': bash: line 1: nix-store: command not found",
    )
    const found = await whyFailed(hidden(ended[2.8], says))
    expect(found).toMatchObject({ cause: 'nix.not-found', params: { host: 'desktop', user: 'nix-builder' } })
    expect(found.raw).toContain('unexpected end-of-file')
    expect(found.raw).toContain('command not found')
  })

  it('stays hidden where ssh says nothing either', async () => {
    const found = await whyFailed(hidden(ended[2.8], overSsh(ended[2.8].replaceAll('ssh-ng', 'ssh'))))
    expect(found.cause).toBe('nix.no-answer')
  })

  it('is not read from a journal that names no builder where several refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'offload-journal-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const script = '#!/bin/sh\necho "Host key verification failed."\n'
    writeFileSync(join(folder, 'journalctl'), script, { mode: 0o755 })
    const options = { builder, env: { PATH: folder }, explain: says('ssh.key-refused') }
    const other = ended[2.8].replaceAll('desktop', 'other')
    const found = await whyFailed(hidden(ended[2.8], { options, lines: [other, ended[2.8]] }))
    expect(found.cause).toBe('ssh.key-refused')
  })

  const rootKnowsNot = async (_: Builder, eyes?: 'root') =>
    eyes === 'root' ? problem('ssh.host-key-unknown', { host: 'desktop', fingerprint: 'SHA256:x' }) : null
  const lacks: Partial<Failure> = { options: { builder, env: {}, explain: rootKnowsNot } }

  it('is a host key that only root does not know, where ssh ended before it was signed in', async () => {
    const found = await whyFailed(hidden(ended[2.26], lacks))
    expect(found).toMatchObject({ cause: 'ssh.host-key-unknown', params: { fingerprint: 'SHA256:x' } })
  })

  it('is not guessed where Nix does not say when ssh ended', async () => {
    expect((await whyFailed(hidden(ended[2.8], lacks))).cause).toBe('nix.no-answer')
  })
})

describe('a row asked for over ssh', () => {
  it('is the same row with the other scheme', () => {
    expect(plainRow(builder)).toBe('ssh://nix-builder@desktop x86_64-linux - 1 1 - - -')
  })

  it.each([
    [{ scheme: 'ssh', uri: 'ssh://nix-builder@desktop' }],
    [{ uri: 'ssh-ng://nix-builder@desktop?remote-program=/opt/nix/bin/nix-daemon' }],
  ] as const)('is none for %j: that says all already, or is another question', (row) => {
    expect(plainRow({ ...builder, ...row })).toBeNull()
  })
})

describe('what an evaluation adds to an error', () => {
  it.each([
    ['error: no room', 'error: no room'],
    [
      "\u001b[31;1merror:\u001b[0m\n       … while calling the 'seq' builtin\n         at «stdin»:42:5:\n           41| )\n\n       … while calling the 'pathExists' builtin\n\n       \u001b[31;1merror:\u001b[0m builder for '/x' failed with exit code 1;\n       last 1 log lines:\n       > error: no room",
      "error: builder for '/x' failed with exit code 1;\n       last 1 log lines:\n       > error: no room",
    ],
    [
      "error: builder for '/x' failed with exit code 1\n(use '--show-trace' to show detailed location information)",
      "error: builder for '/x' failed with exit code 1",
    ],
    ["(use '--show-trace' to show detailed location information)", ''],
  ])('is taken off %j', (text, kept) => {
    expect(withoutTrace(text)).toBe(kept)
  })
})
