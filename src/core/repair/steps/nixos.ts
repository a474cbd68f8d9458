// The steps that change a NixOS desktop's configuration, build the system and switch to it.
import { createHash } from 'node:crypto'
import type { CauseCode } from '../../../shared/causes.ts'
import type { Params } from '../../../shared/outcome.ts'
import type { StepId } from '../../../shared/repair.ts'
import { cleanText } from '../../desktop/clean-text.ts'
import { shown, unifiedDiff } from '../diff.ts'
import { unifiedDiff as nixDiff } from '../nixos/diff.ts'
import type { NixFile } from '../nixos/edits.ts'
import { call } from '../sh.ts'
import { type Draft, type Made, made } from './made.ts'

/** A build may have to download or compile half a system; a switch restarts what it changed. */
const buildSeconds = 4 * 3600
const switchSeconds = 3600
/** So long a switched system waits for a new connection, in s: going back then ends within two minutes. */
export const guardSeconds = 90

export interface Why {
  readonly cause: CauseCode
  readonly params: Params
}

const sumOf = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex')

/** The program is shown whole beside it: a command does not repeat a file's text. */
function madeBriefly(draft: Draft): Made {
  const { step, code } = made({ ...draft, scripts: ['nixos'] })
  const briefly = draft.commands.map((words) =>
    words.map((word) => (word.length > 300 ? '…' : word)).join(' '),
  )
  return { code, step: { ...step, commands: briefly } }
}

/** Edits are taken back with what depends on them: earlier steps are told so. */
const undo = (earlier: readonly StepId[]) => [['take_back', ...earlier]]

/** A module put where none stands, or over an older one of that name. */
export function placeModule(
  path: string,
  before: string | null,
  text: string,
  why: Why,
  earlier: readonly StepId[],
): Made {
  if (before !== null) return editNix('place-module', { path, text: before }, text, why, earlier)
  const sum = sumOf(text)
  return madeBriefly({
    id: 'place-module',
    ...why,
    commands: [['place_module', path, text]],
    check: call('is_placed', [path, sum]),
    undo: undo(earlier),
    takeBack: [['unplace', path, sum]],
    byHand: [`sudo rm ${path}`],
    changes: [
      {
        path: cleanText(path, 300),
        diff: unifiedDiff(path, null, text),
        owner: { from: '', to: 'root:root 0644' },
      },
    ],
  })
}

/** The new text in place of the one that was looked at. */
export function editNix(
  id: 'place-module' | 'import-module' | 'set-module',
  { path, text: before }: NixFile,
  after: string,
  why: Why,
  earlier: readonly StepId[],
): Made {
  const changed = nixDiff(before, after, path)
  return madeBriefly({
    id,
    ...why,
    commands: [['edit_nix', path, sumOf(before), after]],
    check: call('has_sum', [path, sumOf(after)]),
    undo: undo(earlier),
    takeBack: [['put_back_nix', path, sumOf(after), before]],
    changes: [{ path: cleanText(path, 300), diff: changed.split('\n').map(shown).join('\n') }],
  })
}

/** Builds the system and switches nothing. */
export function buildSystem(reference: string, why: Why, earlier: readonly StepId[]): Made {
  const { code, step } = made({
    id: 'build-system',
    ...why,
    commands: [['build_system', reference]],
    check: call('is_built', []),
    undo: undo(earlier),
    takeBack: [],
    risk: 'none',
    seconds: buildSeconds,
    long: true,
    scripts: ['nixos'],
  })
  return { code, step: { ...step, commands: [rebuild('build', reference)] } }
}

/**
 * Switches under a guard; `seconds`: how long the desktop waits for a new connection of ours. The machine starts with the
 * new system only once that has confirmed it.
 */
export function switchSystem(
  reference: string,
  system: string,
  seconds: number,
  why: Why,
  earlier: readonly StepId[],
): Made {
  const { code, step } = made({
    id: 'switch-system',
    ...why,
    commands: [['switch_system', reference, String(seconds)]],
    check: call('is_switched', []),
    undo: undo(earlier),
    takeBack: [['go_back', system]],
    byHand: ['sudo nixos-rebuild switch --rollback'],
    risk: 'high',
    seconds: switchSeconds,
    scripts: ['nixos'],
  })
  const guard = `systemd-run --on-active=${seconds} ${system}/bin/switch-to-configuration test`
  // As "nixos-rebuild boot" does, for exactly the system that was confirmed.
  const keep = [
    'nix-env --profile /nix/var/nix/profiles/system --set "$(readlink -f /run/current-system)"',
    '/run/current-system/bin/switch-to-configuration boot',
  ]
  return { code, step: { ...step, commands: [guard, rebuild('test', reference), ...keep] } }
}

function rebuild(action: 'build' | 'test', reference: string): string {
  return `nixos-rebuild ${action}${reference === '' ? '' : ` --flake ${reference}`}`
}
