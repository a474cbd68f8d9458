// offload-status against a real desktop: healthy it is ready, each fault has its own cause, and mending brings ready back.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  allChecks,
  builderCheckIds,
  cacheCheckIds,
  laptopCheckIds,
  type Overall,
} from '../../src/shared/status.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { type Complaint, checkOf, complaints, journalIsWhole, look, testBuild } from './status-cli.ts'

let lab: Lab

beforeAll(async () => {
  lab = await openLab()
  // Where the desktop was is remembered of a look that found it well.
  await look(lab)
})
afterAll(() => lab?.down())
afterEach(async () => {
  await lab.mend()
  // The word of a test build would settle the next one's fault.
  await lab.runAsAlice(['rm', '-f', '/lab/home/.local/state/offload-tray/test-builds.jsonl'])
})

/** What a fault may add to a look: the deadlines of its checks, and what a busy machine adds; by itself TCP waits minutes. */
const patienceMs = 20_000

type Case = readonly [faults: string, overall: Overall, ...complains: Complaint[]]

const keyOnTheLaptop = (cause: 'missing' | 'exposed' | 'encrypted'): readonly Complaint[] => [
  `builder-key fail laptop.builder-key-${cause}`,
  `builder-key-file fail laptop.builder-key-${cause}`,
]

const rowWithoutSlots: readonly Complaint[] = [
  'reachable fail laptop.builder-no-slots',
  'nix-config warn laptop.builder-no-slots',
]

/** Faults, joined by + where they come together; the Overall; exactly the checks that fail or warn. */
const cases: readonly Case[] = [
  ['desktop-off', 'local', 'reachable fail net.unreachable', 'cache-info fail net.unreachable'],
  ['silent', 'local', 'reachable fail net.timeout', 'cache-info fail net.timeout'],
  ['ssh-filtered', 'local', 'reachable fail net.timeout'],
  ['name-unresolvable', 'local', 'reachable fail net.name-not-found', 'cache-info fail net.name-not-found'],
  ['moved', 'local', 'reachable fail net.moved', 'cache-info fail net.unreachable'],
  ['sshd-stopped', 'local', 'reachable fail ssh.port-closed'],
  ['not-ssh', 'local', 'host-key fail ssh.not-ssh'],
  ['ssh-mute', 'local', 'host-key fail ssh.banner-timeout'],
  ['ssh-post-quantum-only', 'local', 'host-key fail ssh.no-common-algorithm'],
  ['throttled', 'local', 'host-key fail ssh.throttled'],
  ['host-key-unknown', 'degraded', 'host-key warn ssh.host-key-unknown'],
  ['host-key-changed', 'local', 'host-key fail ssh.host-key-changed'],
  ['key-refused', 'local', 'builder-key fail ssh.key-refused'],
  ['no-authorized-keys', 'local', 'builder-key fail ssh.key-refused'],
  ['authorized-keys-exposed', 'local', 'builder-key fail ssh.key-refused'],
  ['builder-missing', 'local', 'builder-key fail ssh.key-refused'],
  ['machines-missing', 'unconfigured', 'nix-config fail laptop.no-builder'],
  ['machines-empty', 'unconfigured', 'nix-config fail laptop.no-builder'],
  ['machines-broken', 'blocked', 'nix-config fail laptop.machines-invalid'],
  ['maxjobs-0-row', 'local', ...rowWithoutSlots],
  ['maxjobs-0-row+max-jobs-0', 'blocked', ...rowWithoutSlots],
  ['distributed-builds-off', 'local', 'nix-config fail laptop.distributed-builds-off'],
  ['builder-key-missing', 'local', ...keyOnTheLaptop('missing')],
  ['builder-key-exposed', 'local', ...keyOnTheLaptop('exposed')],
  ['builder-key-encrypted', 'local', ...keyOnTheLaptop('encrypted')],
  ['builder-pubkey-missing', 'checking', 'builder-key-file warn laptop.builder-pubkey-missing'],
  ['laptop-daemon-stopped', 'blocked', 'nix-config fail laptop.daemon-down'],
  ['cache-stopped', 'degraded', 'cache-info fail cache.port-closed'],
  ['cache-silent', 'degraded', 'cache-info fail cache.timeout'],
  ['cache-filtered', 'degraded', 'cache-info fail net.timeout'],
  ['cache-narinfo-500', 'degraded', 'cache-signature fail cache.narinfo-error'],
  ['cache-http-503', 'degraded', 'cache-info fail cache.http-error'],
  ['cache-captive', 'degraded', 'cache-info fail cache.not-a-cache'],
  ['cache-not-a-cache', 'degraded', 'cache-info fail cache.not-a-cache'],
  ['cache-other-store-dir', 'degraded', 'cache-info fail cache.store-dir-mismatch'],
  ['cache-unsigned', 'degraded', 'cache-signature fail cache.unsigned'],
  ['cache-unknown-key', 'degraded', 'cache-signature fail cache.signature-untrusted'],
  ['cache-regenerated', 'degraded', 'cache-signature fail cache.signature-invalid'],
  ['no-substituter', 'degraded', 'cache-trust warn laptop.no-substituter'],
  ['cache-key-untrusted', 'degraded', 'cache-trust fail laptop.cache-key-untrusted'],
  ['no-fallback', 'ready', 'fallback warn laptop.no-fallback'],
  ['sshd-stopped+max-jobs-0', 'blocked', 'reachable fail ssh.port-closed'],
  [
    'cache-stopped+no-fallback',
    'blocked',
    'cache-info fail cache.port-closed',
    'fallback warn laptop.no-fallback',
  ],
]

const exitCodes: Partial<Record<Overall, number>> = {
  degraded: 1,
  checking: 1,
  local: 3,
  blocked: 3,
  unconfigured: 4,
}

describe('a healthy desktop', () => {
  it('is ready, with the builder key proven though only root can read it', async () => {
    const key = await lab.runAsAlice(['cat', '/etc/nix/builder_key'])
    const { snapshot, overall, code } = await look(lab)
    expect(key.stderr).toContain('Permission denied')
    expect(complaints(snapshot)).toEqual([])
    expect(checkOf(snapshot, 'builder-key')).toMatchObject({ state: 'pass' })
    expect(checkOf(snapshot, 'cache-signature')).toMatchObject({ state: 'pass' })
    expect({ overall, code }).toEqual({ overall: 'ready', code: 0 })
  })
})

describe('each fault has its own cause and Overall within its deadline, and mending it brings ready back', () => {
  const table = cases.map(([faults, overall, ...complains]) => ({ faults, overall, complains }))
  it.each(table)('$faults: $overall', async ({ faults, overall, complains }) => {
    for (const fault of faults.split('+')) await lab.break(fault)
    const broken = await look(lab)
    await lab.mend()
    const mended = await look(lab)
    expect(complaints(broken.snapshot)).toEqual(complains)
    expect({ overall: broken.overall, code: broken.code }).toEqual({
      overall,
      code: exitCodes[overall] ?? 0,
    })
    expect(broken.ms - mended.ms).toBeLessThan(patienceMs)
    expect({ overall: mended.overall, code: mended.code }).toEqual({ overall: 'ready', code: 0 })
  })
})

describe('what a cause names', () => {
  it('both fingerprints of a changed host key, and where the old one is written; nothing is sent to it', async () => {
    const before = checkOf((await look(lab)).snapshot, 'host-key').detail ?? ''
    await lab.break('host-key-changed')
    const now = `${journalIsWhole}; journalctl -n 0 --show-cursor`
    const end = (await lab.onDesktop(['sh', '-c', now])).stdout
    const { snapshot } = await look(lab)
    const cursor = /cursor: (\S+)/.exec(end)?.[1] ?? ''
    const journal = async () =>
      (await lab.onDesktop(['journalctl', '--after-cursor', cursor, '-o', 'cat'])).stdout
    const { params } = checkOf(snapshot, 'host-key')
    expect(before).toContain(String(params?.['expected']))
    expect(String(params?.['offered'])).toMatch(/^SHA256:[\w+/]{43}$/)
    expect(params?.['offered']).not.toBe(params?.['expected'])
    expect(params?.['source']).toBe('/etc/nix/machines')
    // sshd writes down who left, and the user's name once it was told one.
    await expect.poll(journal).toMatch(/(closed|reset|disconnect).*10\.77\.0\.1/i)
    expect(await journal()).not.toContain('nix-builder')
    expect(checkOf(snapshot, 'builder-key').state).toBe('skip')
  })

  it('the line of a broken machines file', async () => {
    await lab.break('machines-broken')
    const { params } = checkOf((await look(lab)).snapshot, 'nix-config')
    expect(params).toMatchObject({ file: '/etc/nix/machines', line: 3 })
  })

  it('the name of an unknown signing key', async () => {
    await lab.break('cache-unknown-key')
    const { params } = checkOf((await look(lab)).snapshot, 'cache-signature')
    expect(params).toMatchObject({ name: 'elsewhere.local-1' })
  })
})

describe('a test build', () => {
  it('proves what only it can: every check passes, with the private key out of reach', async () => {
    const built = await testBuild(lab)
    const { snapshot, overall } = await look(lab)
    expect(built.code).toBe(0)
    expect(allChecks(snapshot).map((check) => [check.id, check.state])).toEqual(
      [...builderCheckIds, ...cacheCheckIds, ...laptopCheckIds].map((id) => [id, 'pass']),
    )
    expect(checkOf(snapshot, 'remote-nix').note).toBe('proven-by-test-build')
    expect(checkOf(snapshot, 'cache-signature').detail).toContain('offload')
    expect(overall).toBe('ready')
  })

  it('that failed shows in the next look with its cause, and another one settles it', async () => {
    await lab.break('not-trusted')
    const refused = await testBuild(lab)
    const broken = await look(lab)
    await lab.mend()
    await testBuild(lab)
    const mended = await look(lab)
    expect(refused.code).toBe(1)
    expect(complaints(broken.snapshot)).toEqual(['remote-nix fail nix.not-trusted'])
    expect([broken.overall, mended.overall]).toEqual(['local', 'ready'])
  })

  it('that passed settles a host key that only root knows', async () => {
    await lab.runAsRoot(['sh', '-c', 'mkdir -p /root/.ssh && ssh-keyscan desktop >/root/.ssh/known_hosts'])
    await lab.break('host-key-unknown')
    const before = await look(lab)
    const built = await testBuild(lab)
    const after = await look(lab)
    expect(complaints(before.snapshot)).toEqual(['host-key warn ssh.host-key-unknown'])
    expect(built.stdout).toContain('"ok":')
    expect({ code: built.code, complaints: complaints(after.snapshot) }).toEqual({ code: 0, complaints: [] })
    expect(checkOf(after.snapshot, 'host-key')).toMatchObject({ state: 'pass', note: 'proven-by-test-build' })
  })
})
