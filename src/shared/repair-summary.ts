// What a repair changed, on which machine, and how to take it back: for the window, the command line and the clipboard.

import type { ProofBuild, Told } from './guide.ts'
import type { LaptopDone } from './laptop-side.ts'
import { fill } from './locale.ts'
import type { Messages } from './messages/index.ts'
import type { RepairPlan, StepId, StepProgress, StepState } from './repair.ts'
import { shellWord } from './shell-word.ts'

/** One change that stands now. */
export interface DoneItem {
  readonly id: StepId
  readonly where: 'desktop' | 'laptop'
  readonly files: readonly ChangedFile[]
  /** The commands that take it back by hand; empty where there is nothing to take back, or no way. */
  readonly undo: readonly string[]
  /** It is gone after the next restart, unless these are written where it is set up at start. */
  readonly keep: readonly string[]
}

export interface ChangedFile {
  readonly path: string
  readonly kind: 'new' | 'changed'
  readonly backup?: string
}

export interface RepairSummary {
  readonly done: readonly DoneItem[]
  /** The steps that change nothing now, by how they ended. */
  readonly others: Readonly<
    Record<'failed' | 'cancelled' | 'rolled-back' | 'pending' | 'skipped' | 'unchanged', readonly StepId[]>
  >
  /** null where nothing of it stands now. */
  readonly laptop: LaptopDone | null
}

/** From the steps as they ended, and the plan they came from. */
export function summaryOf(steps: readonly StepProgress[], { plan, laptop }: Told): RepairSummary {
  const ended = (...states: readonly StepState[]) =>
    steps.filter(({ state }) => states.includes(state)).map(({ id }) => id)
  return {
    done: steps.filter(({ state }) => state === 'done').map((step) => doneItem(step, plan)),
    others: {
      failed: ended('failed', 'running'),
      cancelled: ended('cancelled'),
      'rolled-back': ended('rolled-back'),
      pending: ended('pending'),
      skipped: ended('skipped'),
      unchanged: ended('unchanged'),
    },
    laptop: laptop === undefined || laptop.undo === 'done' ? null : laptop,
  }
}

/** How a step ended, in words; of one that was cancelled, what was taken back. */
export function stateText({ state, takenBack }: StepProgress, { repairView, repairPlan }: Messages): string {
  if (state !== 'cancelled' || takenBack === undefined) return repairView.stepStates[state]
  return takenBack === 'coming' ? repairPlan.cancelledComing : repairPlan.cancelledStays
}

/** Whether anything was changed anywhere. */
export function changedSomething({ done, laptop }: RepairSummary): boolean {
  return done.length > 0 || (laptop !== null && laptop.changed.length > 0)
}

function doneItem({ id, backup }: StepProgress, plan: RepairPlan | undefined): DoneItem {
  const step = plan?.steps.find((one) => one.id === id)
  const changes = step?.changes ?? []
  // A copy stands beside its file, under a longer name; where the file is a link, beside what it leads to.
  const kept =
    changes.find(({ path }) => backup?.startsWith(`${path}.`)) ??
    changes.find(({ diff }) => diff !== '' && !diff.startsWith('--- /dev/null'))
  const files = changes.map((change): ChangedFile => {
    const { path, diff, owner } = change
    if (backup !== undefined && change === kept) return { path, kind: 'changed', backup }
    const isNew = diff.startsWith('--- /dev/null') || owner?.from === '' || owner?.from === 'missing'
    return { path, kind: isNew ? 'new' : 'changed' }
  })
  return {
    id,
    where: step?.where ?? 'desktop',
    files,
    undo: undoOf(step?.undo, files),
    keep: step?.keep ?? [],
  }
}

/** The step's own way, with the place of the old file where it names that; else the old file back. */
function undoOf(own: readonly string[] | undefined, files: readonly ChangedFile[]): readonly string[] {
  const kept = files.find(({ backup }) => backup !== undefined)
  if (own !== undefined && own.length > 0) {
    const backup = kept?.backup
    return own.map((line) => (backup === undefined ? line : line.replaceAll('{backup}', shellWord(backup))))
  }
  if (kept?.backup === undefined) return []
  return [`cp -p -- ${shellWord(kept.backup)} ${shellWord(kept.path)}`]
}

/** All undo commands of one machine, the last change first. */
export function undoCommands(
  { done, laptop }: RepairSummary,
  where: 'desktop' | 'laptop',
): readonly string[] {
  const beside = where === 'laptop' && laptop !== null ? laptopUndo(laptop) : []
  return [...beside, ...[...done].reverse().flatMap((item) => (item.where === where ? item.undo : []))]
}

export interface SummaryNeeds {
  readonly host: string
  /** The sentence it ended with: "Paired", "Stopped" … */
  readonly headline: string
  readonly proof: { readonly key: 'running' | 'accepted' | 'failed'; readonly build: ProofBuild } | null
}

/** The whole of it as lines, for the clipboard and the terminal. */
export function summaryText(summary: RepairSummary, needs: SummaryNeeds, words: Messages): string {
  return [needs.headline, ...proofLines(needs, words), '', ...changeLines(summary, needs.host, words)].join(
    '\n',
  )
}

function proofLines({ host, proof }: SummaryNeeds, words: Messages): readonly string[] {
  const { repairPlan } = words
  if (proof === null) return [repairPlan.proofNone]
  const { key, build } = proofWords(proof, words)
  return [
    fill(repairPlan.proofKey, { state: fill(key, { host }) }),
    fill(repairPlan.proofBuild, { state: fill(build, { host }) }),
  ]
}

/** The two halves of the proof, in words that may name {host}. */
function proofWords({ key, build }: NonNullable<SummaryNeeds['proof']>, { repairView: own }: Messages) {
  return {
    key: { running: own.proofKeyRunning, accepted: own.proofKeyAccepted, failed: own.proofKeyFailed }[key],
    build: {
      waiting: own.proofBuildWaiting,
      running: own.proofBuildRunning,
      passed: own.proofBuildPassed,
      failed: own.proofBuildFailed,
    }[build],
  }
}

/** What changed, machine by machine, and how to undo it. */
export function changeLines(summary: RepairSummary, host: string, words: Messages): readonly string[] {
  const { repairPlan: own } = words
  const desktop = summary.done.filter(({ where }) => where === 'desktop')
  const laptop = summary.done.filter(({ where }) => where === 'laptop')
  const machine = (items: readonly DoneItem[]) => items.flatMap((item) => itemLines(item, words))
  const files = laptopFiles(summary).map((file) => indented(fileText(file, words)))
  return [
    fill(own.onHost, { host }),
    ...(desktop.length === 0 ? [indented(fill(own.nothingOnHost, { host }))] : machine(desktop)),
    ...keepLines(summary, host, words),
    ...undoLines(fill(own.undoByHand, { host }), undoCommands(summary, 'desktop')),
    ...(laptop.length + files.length === 0
      ? []
      : [
          own.onLaptop,
          ...machine(laptop),
          ...files,
          ...undoLines(own.undoOnLaptop, undoCommands(summary, 'laptop')),
        ]),
    ...otherLines(summary, words),
  ]
}

/** What does not outlast a restart of the desktop. */
export function keepOf({ done }: RepairSummary): readonly string[] {
  return done.flatMap(({ keep }) => keep)
}

function keepLines(summary: RepairSummary, host: string, { repairPlan }: Messages): readonly string[] {
  const keep = keepOf(summary)
  return keep.length === 0 ? [] : [fill(repairPlan.keep, { host }), ...keep.map(indented)]
}

/** The old files back, the last first; what was new goes. Nix reads them again when its daemon starts. */
function laptopUndo({ changed }: LaptopDone): readonly string[] {
  if (changed.length === 0) return []
  const back = [...changed]
    .reverse()
    .map(({ path, backup }) =>
      backup === null
        ? `sudo rm -- ${shellWord(path)}`
        : `sudo cp -p -- ${shellWord(backup)} ${shellWord(path)}`,
    )
  return [...back, 'sudo systemctl restart nix-daemon']
}

/** The files of this laptop that were changed beside the steps. */
export function laptopFiles({ laptop }: RepairSummary): readonly ChangedFile[] {
  return (laptop?.changed ?? []).map(({ path, backup }) =>
    backup === null ? { path, kind: 'new' } : { path, kind: 'changed', backup },
  )
}

function itemLines(item: DoneItem, words: Messages): readonly string[] {
  return [
    indented(`✓ ${words.repairView.steps[item.id]}`),
    ...item.files.map((file) => indented(indented(fileText(file, words)))),
  ]
}

/** "/etc/nix/nix.conf: the old one is kept as …" */
export function fileText({ path, kind, backup }: ChangedFile, { repairPlan }: Messages): string {
  if (backup !== undefined) return fill(repairPlan.oldFile, { file: path, backup })
  return fill(kind === 'new' ? repairPlan.newFile : repairPlan.changedFile, { file: path })
}

function undoLines(title: string, commands: readonly string[]): readonly string[] {
  if (commands.length === 0) return []
  return [`${title}:`, ...commands.flatMap((command) => command.split('\n')).map(indented)]
}

function otherLines({ others }: RepairSummary, { repairPlan: own, repairView }: Messages): readonly string[] {
  const kinds = [
    [own.failedTitle, others.failed],
    [own.cancelledTitle, others.cancelled],
    [own.rolledBackTitle, others['rolled-back']],
    [own.notBegunTitle, others.pending],
    [own.leftOutTitle, others.skipped],
  ] as const
  return kinds.flatMap(([title, ids]) =>
    ids.length === 0 ? [] : [`${title}:`, ...ids.map((id) => indented(repairView.steps[id]))],
  )
}

function indented(line: string): string {
  return `  ${line}`
}
