// The painter sets on the tray only what has changed.
import { describe, expect, it } from 'vitest'
import { trayPainter } from '../../../src/main/tray-painter.ts'
import { trayView } from '../../../src/main/tray-view.ts'
import { noon, snapshot, trayState } from './snapshots.ts'

const now = new Date(noon)

function recorded() {
  const calls: string[] = []
  const { paint, forgetMenu } = trayPainter('checking', {
    setIcon: (icon) => calls.push(`icon ${icon}`),
    setToolTip: () => calls.push('tooltip'),
    setMenu: () => calls.push('menu'),
  })
  return { calls, paint, forgetMenu }
}

describe('the tray painter', () => {
  it('leaves the icon as it was made until the state is another', () => {
    const { calls, paint } = recorded()
    paint(trayView(trayState({ snapshot: snapshot('checking') }), now))
    expect(calls).toEqual(['tooltip', 'menu'])
  })

  it('sets everything once, and then nothing while nothing changes', () => {
    const { calls, paint } = recorded()
    for (let round = 0; round < 100; round++) paint(trayView(trayState(), now))
    expect(calls).toEqual(['icon ready', 'tooltip', 'menu'])
  })

  it('sets only what a change touches', () => {
    const { calls, paint } = recorded()
    paint(trayView(trayState(), now))
    calls.length = 0
    paint(trayView(trayState({ startAtLogin: 'on' }), now))
    expect(calls).toEqual(['menu'])
    paint(trayView(trayState({ startAtLogin: 'on', snapshot: snapshot('paused') }), now))
    expect(calls).toEqual(['menu', 'icon paused', 'tooltip', 'menu'])
  })

  it('sets the menu again when a click has changed it behind our back', () => {
    const { calls, paint, forgetMenu } = recorded()
    paint(trayView(trayState(), now))
    calls.length = 0
    forgetMenu()
    paint(trayView(trayState(), now))
    expect(calls).toEqual(['menu'])
  })
})
