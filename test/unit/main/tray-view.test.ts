// What the tray shows of a state: icon, tooltip and menu, in each language.
import { describe, expect, it } from 'vitest'
import { type TrayItem, trayView } from '../../../src/main/tray-view.ts'
import { locales } from '../../../src/shared/locale.ts'
import { overalls } from '../../../src/shared/status.ts'
import { builder, check, healthy, noon, snapshot, trayState } from './snapshots.ts'

const now = new Date(noon)
const labels = (items: readonly TrayItem[]) =>
  items.map((item) => (item.kind === 'separator' ? '—' : item.label))
const silent = builder([check('reachable', 'fail', 'net.timeout', { host: 'desktop' })])

describe('the tray view', () => {
  it('shows each Overall by its own icon, in every language, with words for all of it', () => {
    for (const locale of locales) {
      for (const overall of overalls) {
        const view = trayView(trayState({ locale, snapshot: snapshot(overall) }), now)
        expect(view.icon).toBe(overall)
        expect(view.tooltip).not.toMatch(/\{\w+\}|undefined/)
        expect(labels(view.items).join()).not.toMatch(/\{\w+\}|undefined/)
      }
    }
  })

  it('puts the headline first, and it opens the window', () => {
    const [first] = trayView(trayState(), now).items
    expect(first).toEqual({ kind: 'command', command: 'open', label: 'Builds run on desktop', enabled: true })
  })

  it('names further causes below the headline, without the one it names already and without advice', () => {
    const parts = {
      builders: [silent, { ...healthy, id: 'b', host: 'tower' }],
      caches: [
        {
          url: 'http://desktop:5000',
          checks: [check('cache-info', 'fail', 'cache.port-closed', { host: 'desktop', port: 5000 })],
        },
      ],
      laptop: { ...snapshot('ready').laptop, checks: [check('fallback', 'warn', 'laptop.no-fallback')] },
    }
    const lines = labels(trayView(trayState({ snapshot: snapshot('degraded', parts) }), now).items)
    expect(lines.slice(0, 3)).toEqual([
      'Builds run on tower, but: desktop does not answer',
      'no cache listens on desktop, port 5000',
      '—',
    ])
  })

  it('names three further causes at most: the rest stands in the window', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const builders = names.map((host) => builder([check('reachable', 'fail', 'net.timeout', { host })], host))
    const lines = labels(trayView(trayState({ snapshot: snapshot('local', { builders }) }), now).items)
    expect(lines.slice(1, 5)).toEqual(['b does not answer', 'c does not answer', 'd does not answer', '—'])
  })

  it('greys an action out with its reason', () => {
    const testBuild = { phase: 'running', startedAt: noon, stages: [], log: [] } as const
    const item = trayView(trayState({ testBuild }), now).items.find(
      (one) => one.kind === 'command' && one.command === 'run-test-build',
    )
    expect(item).toMatchObject({ enabled: false, label: 'Run test build (a test build is running)' })
  })

  it('is the same while a round of checks runs: a menu must not redraw twice a heartbeat', () => {
    expect(trayView(trayState({ checking: true }), now)).toEqual(trayView(trayState(), now))
  })

  it('is the same for proofs that are seconds apart, and never claims a younger one', () => {
    const at = (time: string) => {
      const proof = { ...healthy, checks: healthy.checks.map((one) => ({ ...one, at: time })) }
      return trayView(trayState({ snapshot: snapshot('ready', { builders: [proof] }) }), now)
    }
    expect(at('2026-03-01T12:01:00.000Z')).toEqual(at('2026-03-01T12:04:59.000Z'))
    expect(at('2026-03-01T12:05:00.000Z')).not.toEqual(at('2026-03-01T12:04:59.000Z'))
    // Not everywhere 00: Nepal is 45 minutes off.
    const minutes = new Date('2026-03-01T12:00:00.000Z').getMinutes()
    expect(at('2026-03-01T12:04:59.000Z').tooltip.endsWith(`:${String(minutes).padStart(2, '0')}`)).toBe(true)
  })

  it('names the date of a proof that is not from today', () => {
    const tomorrow = new Date('2026-03-02T12:00:00.000Z')
    expect(trayView(trayState(), tomorrow).tooltip).toMatch(/Mar/)
  })

  it('says so where nothing is proven yet', () => {
    const unproven = snapshot('checking', { builders: [builder([check('reachable', 'unknown')])] })
    expect(trayView(trayState({ snapshot: unproven }), now).tooltip).toMatch(/Not proven yet$/)
  })

  it('shortens what a panel could not show', () => {
    const long = builder(
      [check('reachable', 'fail', 'net.timeout', { host: 'd'.repeat(300) })],
      'd'.repeat(300),
    )
    const [first] = trayView(trayState({ snapshot: snapshot('degraded', { builders: [long] }) }), now).items
    expect(first?.kind === 'command' && first.label.length).toBeLessThanOrEqual(90)
  })

  it('offers no start at login where the command is not on PATH, and says why', () => {
    const item = trayView(trayState({ startAtLogin: 'unavailable' }), now).items.find(
      (one) => one.kind === 'checkbox' && one.command === 'start-at-login',
    )
    expect(item).toMatchObject({ enabled: false, checked: false, label: expect.stringContaining('PATH') })
  })

  it('shows an error inside the app', () => {
    const view = trayView(trayState({ internalError: 'TypeError: x' }), now)
    expect(labels(view.items)).toContain('Something went wrong inside Offload Tray: see the log')
  })
})
