// Every switch of the demo, seen by the real monitor through the real probes: its own cause, the right Overall.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { demoPace, startDemo } from '../../../../src/core/demo/demo.ts'
import { createMonitor, type Monitor } from '../../../../src/core/monitor/monitor.ts'
import type { CauseCode } from '../../../../src/shared/causes.ts'
import { type DemoFaultId, demoFaultIds } from '../../../../src/shared/demo-faults.ts'
import { causesOf, headline } from '../../../../src/shared/headline.ts'
import { fill, locales } from '../../../../src/shared/locale.ts'
import { messagesFor } from '../../../../src/shared/messages/index.ts'
import { allChecks, type Overall, type Snapshot } from '../../../../src/shared/status.ts'

/** Runs a fresh demo with these faults, and gives the monitor to `look`. Nothing outlives it. */
async function withDemo<T>(
  faults: readonly DemoFaultId[],
  look: (monitor: Monitor, setFault: (id: string, on: boolean) => Promise<void>) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'offload-tray-test-'))
  const demo = await startDemo()
  const paths = { state: home, knownHosts: join(home, 'known_hosts') }
  const monitor = createMonitor({ source: demo.source, config: demoPace, paths, home })
  try {
    for (const fault of faults) await demo.setFault(fault, true)
    return await look(monitor, demo.setFault)
  } finally {
    await monitor.stop()
    await demo.stop()
    await rm(home, { recursive: true, force: true })
  }
}

const seen = (...faults: DemoFaultId[]) => withDemo(faults, (monitor) => monitor.checkNow())
const causeCodesOf = (snapshot: Snapshot) => causesOf(snapshot).map((cause) => cause.code)

/** Every sentence that a face may show of it, in every language. */
const textsOf = (snapshot: Snapshot) =>
  locales.flatMap((locale) => [
    headline(snapshot, locale),
    ...causesOf(snapshot).flatMap(({ code, params }) =>
      Object.values(messagesFor(locale).causes[code]).map((text) => fill(text, params)),
    ),
  ])

const single: Readonly<Record<DemoFaultId, readonly [Overall, CauseCode | null]>> = {
  'builds-running': ['building', null],
  'second-builder-down': ['degraded', 'ssh.port-closed'],
  'sshd-stopped': ['local', 'ssh.port-closed'],
  'desktop-silent': ['local', 'net.timeout'],
  'not-ssh': ['local', 'ssh.not-ssh'],
  'sshd-mute': ['local', 'ssh.banner-timeout'],
  'sshd-throttles': ['local', 'ssh.throttled'],
  'host-key-unknown': ['degraded', 'ssh.host-key-unknown'],
  'host-key-changed': ['local', 'ssh.host-key-changed'],
  'key-refused': ['local', 'ssh.key-refused'],
  'bare-desktop': ['local', 'ssh.key-refused'],
  'cache-stopped': ['degraded', 'cache.port-closed'],
  'cache-silent': ['degraded', 'cache.timeout'],
  'not-a-cache': ['degraded', 'cache.not-a-cache'],
  'narinfo-500': ['degraded', 'cache.narinfo-error'],
  'cache-unsigned': ['degraded', 'cache.unsigned'],
  'cache-key-unknown': ['degraded', 'cache.signature-untrusted'],
  'cache-key-regenerated': ['degraded', 'cache.signature-invalid'],
  'no-substituter': ['degraded', 'laptop.no-substituter'],
  'fallback-off': ['ready', 'laptop.no-fallback'],
  'max-jobs-0': ['ready', null],
  'distributed-builds-off': ['local', 'laptop.distributed-builds-off'],
  'builder-key-missing': ['local', 'laptop.builder-key-missing'],
  'no-builder': ['unconfigured', 'laptop.no-builder'],
}

describe.concurrent('the demo, watched by the real monitor', () => {
  it('is ready when nothing is switched on, with the key proven by its public half alone', async () => {
    const snapshot = await seen()
    expect(snapshot.overall).toBe('ready')
    expect(causeCodesOf(snapshot)).toEqual([])
    const states = Object.fromEntries(allChecks(snapshot).map((check) => [check.id, check.state]))
    expect(states).toMatchObject({ 'host-key': 'pass', 'builder-key': 'pass', 'cache-signature': 'pass' })
  })

  it.each(demoFaultIds)('shows %s by its own cause, in words without a value left open', async (fault) => {
    const [overall, cause] = single[fault]
    const snapshot = await seen(fault)
    expect([snapshot.overall, causeCodesOf(snapshot)[0] ?? null]).toEqual([overall, cause])
    expect(textsOf(snapshot).filter((text) => text === '' || /[{}]/.test(text))).toEqual([])
  })

  it.each([
    [['sshd-stopped', 'max-jobs-0'], 'blocked'],
    [['cache-stopped', 'fallback-off'], 'blocked'],
    [['narinfo-500', 'fallback-off'], 'blocked'],
    [['sshd-stopped', 'second-builder-down'], 'local'],
    [['builds-running', 'cache-stopped'], 'degraded'],
  ] as const)('is by %j together %s', async (faults, overall) => {
    expect((await seen(...faults)).overall).toBe(overall)
  })

  it('trusts an unknown host key by its shown fingerprint, and goes on to the builder key', async () => {
    await withDemo(['host-key-unknown'], async (monitor) => {
      const [builder] = (await monitor.checkNow()).builders
      const offered = builder?.checks.find((check) => check.id === 'host-key')?.params?.['offered']
      expect(await monitor.trustHostKey(builder?.id ?? '', 'SHA256:another')).toMatchObject({ ok: false })
      expect(await monitor.trustHostKey(builder?.id ?? '', String(offered))).toMatchObject({ ok: true })
      // A click shows a proof younger than 5.5 s as it is; sshd's penalties are why.
      await new Promise((resolve) => setTimeout(resolve, 5600))
      expect((await monitor.checkNow()).overall).toBe('ready')
    })
  })

  // At once with the others: `expect.poll` must know whose it is.
  it('shows a fault that is switched on right after a proof within the next heartbeats', async ({
    expect,
  }) => {
    await withDemo([], async (monitor, setFault) => {
      monitor.start()
      expect((await monitor.checkNow()).overall).toBe('ready')
      await setFault('key-refused', true)
      await monitor.checkNow()
      await expect.poll(() => monitor.state().snapshot.overall, { timeout: 50_000 }).toBe('local')
    })
  })

  it('is ready again once a stopped service is mended', async () => {
    await withDemo(['sshd-stopped', 'cache-stopped'], async (monitor, setFault) => {
      expect((await monitor.checkNow()).overall).toBe('local')
      await setFault('sshd-stopped', false)
      await setFault('cache-stopped', false)
      expect((await monitor.checkNow()).overall).toBe('ready')
    })
  })
})
