// What the tray shows for a state: pure, so that "nothing changed" is a comparison of two plain objects.
import { type ActionId, permission } from '../shared/actions.ts'
import type { AppState } from '../shared/app-state.ts'
import { causesOf, headline } from '../shared/headline.ts'
import { fill, type Locale } from '../shared/locale.ts'
import { messagesFor } from '../shared/messages/index.ts'
import { asksForRepair } from '../shared/repairable.ts'
import { isAdvice, type Overall, provenAt, type Snapshot } from '../shared/status.ts'

/** Whether the app starts with the session; unavailable: its command is not on PATH. */
export type StartAtLogin = 'on' | 'off' | 'unavailable'

export type TrayCommand =
  | 'open'
  | 'check-now'
  | 'run-test-build'
  | 'repair'
  | 'pause'
  | 'start-at-login'
  | 'quit'

export type TrayItem =
  | {
      readonly kind: 'command'
      readonly command: TrayCommand
      readonly label: string
      readonly enabled: boolean
    }
  | {
      readonly kind: 'checkbox'
      readonly command: TrayCommand
      readonly label: string
      readonly enabled: boolean
      readonly checked: boolean
    }
  | { readonly kind: 'separator' }

export interface TrayView {
  readonly icon: Overall
  readonly tooltip: string
  readonly items: readonly TrayItem[]
}

export type TrayState = Pick<
  AppState,
  'snapshot' | 'checking' | 'testBuild' | 'locale' | 'internalError' | 'demo' | 'repair'
> & {
  readonly startAtLogin: StartAtLogin
}

/** Further causes than these stand in the window. */
const maxCauses = 3
/** Panels do not wrap a menu's lines. */
const maxLabel = 90
/** Proof is told to the last five minutes, rounded down: a tooltip that counts seconds would redraw the menu with it. */
const proofStepMs = 5 * 60_000

/** The icon, the tooltip and the menu for a state. `now` only decides whether a proof's date must be named. */
export function trayView(state: TrayState, now: Date): TrayView {
  const lead = headline(state.snapshot, state.locale)
  return {
    icon: state.snapshot.overall,
    tooltip: `${lead}\n${proofLine(state.snapshot, state.locale, now)}`,
    items: [
      command('open', lead),
      ...causeLines(state).map((line) => command('open', line)),
      ...internalErrorLine(state),
      { kind: 'separator' },
      checkNow(state),
      action('run-test-build', state),
      ...repairItem(state),
      command('open', messagesFor(state.locale).tray.menu.open),
      { kind: 'separator' },
      pause(state),
      startAtLogin(state),
      command('quit', messagesFor(state.locale).tray.menu.quit),
    ],
  }
}

function command(name: TrayCommand, label: string, enabled = true): TrayItem {
  return { kind: 'command', command: name, label: shorten(label), enabled }
}

/** The causes that the headline does not name already; advice stays in the window. */
function causeLines(state: TrayState): readonly string[] {
  const words = messagesFor(state.locale)
  return causesOf(state.snapshot)
    .slice(1)
    .filter(({ check }) => check.state !== 'unknown' && !isAdvice(check))
    .slice(0, maxCauses)
    .map(({ code, params }) => fill(words.causes[code].title, params))
}

function internalErrorLine(state: TrayState): readonly TrayItem[] {
  return state.internalError === undefined
    ? []
    : [command('open', messagesFor(state.locale).tray.menu.internalError)]
}

/** Always enabled: a menu that greyed it out on every round would redraw, and close itself, twice a heartbeat. */
function checkNow(state: TrayState): TrayItem {
  return command('check-now', messagesFor(state.locale).actions.labels['check-now'])
}

/** Only while there is something to repair, or a repair to go back to. */
function repairItem(state: TrayState): readonly TrayItem[] {
  return asksForRepair(state) ? [command('repair', messagesFor(state.locale).repairView.trayItem)] : []
}

function action(id: ActionId & TrayCommand, state: TrayState): TrayItem {
  const { actions, tray } = messagesFor(state.locale)
  const may = permission(id, state)
  if (may.allowed) return command(id, actions.labels[id])
  const label = fill(tray.menu.notNow, { action: actions.labels[id], reason: actions.reasons[may.why] })
  return command(id, label, false)
}

function pause(state: TrayState): TrayItem {
  const label = messagesFor(state.locale).tray.menu.pause
  return {
    kind: 'checkbox',
    command: 'pause',
    label,
    enabled: true,
    checked: state.snapshot.overall === 'paused',
  }
}

function startAtLogin(state: TrayState): TrayItem {
  const { menu } = messagesFor(state.locale).tray
  const available = state.startAtLogin !== 'unavailable'
  return {
    kind: 'checkbox',
    command: 'start-at-login',
    label: available ? menu.startAtLogin : menu.startAtLoginMissing,
    enabled: available,
    checked: state.startAtLogin === 'on',
  }
}

function proofLine(snapshot: Snapshot, locale: Locale, now: Date): string {
  const words = messagesFor(locale).tray.tooltip
  const proven = provenAt(snapshot)
  if (proven === undefined) return words.provenNever
  const step = new Date(Math.floor(Date.parse(proven) / proofStepMs) * proofStepMs)
  return fill(words.provenAfter, { time: clock(step, locale, now) })
}

/** "14:05" today, with the date on other days. */
function clock(time: Date, locale: Locale, now: Date): string {
  const today = time.toDateString() === now.toDateString()
  const date = today ? {} : ({ day: '2-digit', month: 'short' } as const)
  return time.toLocaleString(locale, { ...date, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

function shorten(label: string): string {
  return label.length <= maxLabel ? label : `${label.slice(0, maxLabel - 1).trimEnd()}…`
}
