// The steps about units: sshd and the cache with the system, Nix's daemon.
import type { CauseCode } from '../../../shared/causes.ts'
import { problem } from '../../../shared/outcome.ts'
import type { Unmended } from '../../../shared/repair.ts'
import { cleanText } from '../../desktop/clean-text.ts'
import { isUp, type MachineFinding, startsByItself } from '../diagnose-machine.ts'
import type { UnitFacts } from '../machine-facts.ts'
import { call } from '../sh.ts'
import type { Context } from './context.ts'
import { type Made, made } from './made.ts'

type Command = readonly string[]

/** Starting with the system from now on; a masked unit can be neither started nor enabled. */
function enable(unit: UnitFacts): {
  readonly commands: readonly Command[]
  readonly undo: readonly Command[]
} {
  const { name } = unit
  const masked = unit.load === 'masked' || unit.enabled.startsWith('masked')
  if (masked)
    return {
      commands: [
        ['systemctl', 'unmask', name],
        ['systemctl', 'enable', name],
      ],
      undo: [
        ['systemctl', 'disable', name],
        ['systemctl', 'mask', name],
      ],
    }
  if (startsByItself(unit)) return { commands: [], undo: [] }
  return { commands: [['systemctl', 'enable', name]], undo: [['systemctl', 'disable', name]] }
}

/** The unit's own last words, for the problem's details. */
function journalOf(units: readonly UnitFacts[]): string {
  return cleanText(units.map(({ journal }) => journal).join('\n'), 2000)
}

/** A start is shown in the words of the unit's journal, where it failed before. */
function causeParams(host: string, units: readonly UnitFacts[]) {
  const what = journalOf(units)
  return what === '' ? { host } : { host, journal: what }
}

/**
 * Debian's ssh.service brings the name sshd.service along when it is enabled. Where anybody asked systemd for that name
 * before, it then takes the sshd that runs for stopped, and no longer restarts it (seen with systemd 257): no name here.
 */
function wantSsh(unit: UnitFacts) {
  const { commands, undo } = enable(unit)
  const want = ['systemctl', 'add-wants', 'multi-user.target', unit.name]
  return { commands: [...commands.filter(([, verb]) => verb !== 'enable'), want], undo }
}

/** We came in by it, so it runs: only the next start of the system is at stake. */
export function enableSshd(
  { unit }: Extract<MachineFinding, { kind: 'sshd-not-enabled' }>,
  at: Context,
): Made {
  const { commands, undo } = unit.name === 'ssh.service' ? wantSsh(unit) : enable(unit)
  return made({
    id: 'enable-sshd',
    cause: 'desktop.sshd-down',
    params: { host: at.params.host },
    commands,
    check: call('systemctl', ['is-enabled', '--quiet', unit.name]),
    undo,
    byHand: [`systemctl disable ${unit.name}`],
    seconds: 60,
  })
}

export function startDaemon(
  { units }: Extract<MachineFinding, { kind: 'daemon-down' }>,
  { params, facts }: Context,
): Made | Unmended {
  const { host } = params
  const socket = units.find(({ is }) => is === 'nix-daemon-socket')
  const service = units.find(({ is }) => is === 'nix-daemon')
  const unit = socket ?? service
  if (unit === undefined) return problem('nix.daemon-down', { host })
  const { commands, undo } = enable(unit)
  // A socket unit does not start under a service that runs without it.
  const stops: readonly Command[] =
    socket !== undefined && service !== undefined && isUp(service)
      ? [['systemctl', 'stop', service.name]]
      : []
  const names = units.map(({ name }) => name)
  const back: readonly Command[] = isUp(unit) ? [] : [['systemctl', 'stop', ...names]]
  return made({
    id: 'start-nix-daemon',
    cause: 'nix.daemon-down',
    params: causeParams(host, units),
    commands: [...stops, ...commands, ['start_unit', unit.name]],
    check: call('daemon_answers', [facts.machine.nix.bin]),
    undo,
    takeBack: [...back, ...undo],
    byHand: [...back, ...undo].map((words) => words.join(' ')),
    scripts: ['services'],
  })
}

export function startCache(
  { unit }: Extract<MachineFinding, { kind: 'cache-down' }>,
  { params, facts }: Context,
): Made | Unmended {
  const { host } = params
  if (unit === null) return problem('desktop.cache-service-down', { host })
  const cause: CauseCode = 'desktop.cache-service-down'
  const { port, info } = facts.machine.cache
  const { commands, undo } = enable(unit)
  const runs = isUp(unit) && (info ?? 0) > 0
  const start: readonly Command[] = runs
    ? []
    : [
        ['start_unit', unit.name],
        ['await_cache', String(port), unit.name],
      ]
  const back: readonly Command[] = isUp(unit) ? [] : [['systemctl', 'stop', unit.name]]
  return made({
    id: 'start-cache',
    cause,
    params: causeParams(host, [unit]),
    commands: [...commands, ...start],
    check: call('cache_runs', [unit.name, String(port)]),
    undo: [...back, ...undo],
    byHand: [...back, ...undo].map((words) => words.join(' ')),
    scripts: ['services'],
    seconds: 120,
  })
}

/** What the cache has to do to see a change of its key or settings: nothing while it does not run. */
export function restartOf(unit: UnitFacts | null, port: number): readonly Command[] {
  if (unit === null || !isUp(unit)) return []
  return [
    ['systemctl', 'restart', unit.name],
    ['await_cache', String(port), unit.name],
  ]
}
