// Leads the guide through its phases as the flags say, where the window would ask a person.
import type { Guide } from '../../core/repair/guide.ts'
import type { GoingBack, GuideState, SignIn, Told } from '../../shared/guide.ts'
import { type Problem, problem } from '../../shared/outcome.ts'
import type { RepairPlan, StepId, StepProgress } from '../../shared/repair.ts'
import { passHostKey, passLaptop } from './laptop.ts'
import type { RepairOptions } from './options.ts'
import type { RepairPrinter } from './print.ts'
import type { Secrets } from './secrets.ts'
import { selectSteps } from './select.ts'

export type Led =
  | { readonly end: 'planned' }
  | {
      readonly end: 'done'
      readonly what: 'paired' | 'accepted' | 'laptop' | 'removed' | 'removedLine' | 'absent'
      /** From signed in to the key's proof; null where none was asked for. */
      readonly provenMs: number | null
      readonly steps: readonly StepProgress[]
      readonly told: Told
    }
  | {
      readonly end: 'failed'
      readonly problem: Problem | null
      readonly steps: readonly StepProgress[]
      readonly told: Told
      readonly goingBack?: GoingBack
    }
  /** --only names a step without what it needs. */
  | { readonly end: 'impossible'; readonly step: StepId; readonly needs: readonly StepId[] }
  /** --show-program names a step that the plan does not have. */
  | { readonly end: 'not-planned'; readonly step: StepId }
  | { readonly end: 'undecided'; readonly why: 'host-key' | 'yes' | 'sudo'; readonly problem: Problem | null }

export interface Needs {
  readonly guide: Guide
  readonly options: RepairOptions
  readonly secrets: Secrets
  readonly printer: RepairPrinter
  /** The yes of a person at a terminal; false where there is none. */
  readonly confirm: (host: string, plan: RepairPlan | null, skipped: readonly StepId[]) => Promise<boolean>
  /** A sentence for the two halves of the proof. */
  readonly tell: (what: 'proving' | 'building') => void
  /** The yes to this laptop's own changes. */
  readonly confirmLaptop: () => Promise<boolean>
}

/** From nothing to the end that the verb asks for. */
export async function lead(needs: Needs, builderId: string): Promise<Led> {
  const { guide, options } = needs
  const provenMs = clockOf(guide)
  const signedIn = await comeIn(needs, builderId)
  if (signedIn !== null) return signedIn
  const looked = guide.state()
  if (looked.phase !== 'review') return fellShort(looked)
  for (const [step, option] of options.choices) guide.choose(step, { option })
  const chosen = guide.state()
  if (chosen.phase !== 'review') return fellShort(chosen)
  if (options.verb === 'survey') {
    if (chosen.report !== undefined) needs.printer.report(chosen.report, chosen.problem)
    return { end: 'planned' }
  }
  if (options.showProgram !== null) return showPrograms(needs, chosen.plan, options.showProgram)
  const selected = selectSteps(chosen.plan, options.only, options.skip)
  if (!selected.ok) return { end: 'impossible', step: selected.step, needs: selected.needs }
  for (const id of selected.skipped) guide.choose(id, { skip: true })
  const shown = guide.state()
  if (shown.phase !== 'review') return fellShort(shown)
  if (options.verb === 'remove') return remove(needs, shown)
  // Where a plan alone is asked for, nothing later would say why root cannot be had.
  needs.printer.plan(shown.plan, shown.skipped, options.verb === 'plan' ? shown.problem : null)
  if (options.verb === 'plan') return { end: 'planned' }
  return apply(needs, shown, provenMs)
}

function showPrograms({ printer }: Needs, { steps }: RepairPlan, ids: readonly StepId[]): Led {
  const missing = ids.find((id) => !steps.some((step) => step.id === id))
  if (missing !== undefined) return { end: 'not-planned', step: missing }
  printer.programs(steps.filter(({ id }) => ids.includes(id)))
  return { end: 'planned' }
}

/** Find, trust, sign in, survey; null when the plan is there. */
async function comeIn(needs: Needs, builderId: string): Promise<Led | null> {
  const { guide, options, secrets, printer } = needs
  await guide.open(builderId)
  const found = guide.state()
  if (found.phase === 'trust') {
    if (options.acceptHostKey !== found.offered.fingerprint) {
      printer.hostKey(found.offered, found.host, found.problem)
      return { end: 'undecided', why: 'host-key', problem: found.problem }
    }
    await guide.trust(found.offered.fingerprint)
    const ended = await passHostKey(needs)
    if (ended !== null) return ended
  }
  const ready = guide.state()
  if (ready.phase === 'trust') {
    printer.hostKey(ready.offered, ready.host, ready.problem)
    return { end: 'undecided', why: 'host-key', problem: ready.problem }
  }
  if (ready.phase !== 'sign-in') return fellShort(ready)
  const how = wayOf(options, secrets, ready)
  if (how === null) return failedWith(problem('laptop.agent-empty'))
  await guide.signIn(options.user ?? ready.user, how)
  const signed = guide.state()
  if (signed.phase !== 'survey' || !signed.asksSudoPassword) return null
  if (secrets.sudo !== null) await guide.elevate(secrets.sudo)
  const elevated = guide.state()
  if (elevated.phase !== 'survey') return null
  if (elevated.problem !== null) return failedWith(elevated.problem)
  // Looking may be done without root's rights; changing something may not.
  if (options.verb !== 'plan' && options.verb !== 'survey')
    return { end: 'undecided', why: 'sudo', problem: null }
  await guide.elevate(null)
  return null
}

function wayOf(
  options: RepairOptions,
  secrets: Secrets,
  state: Extract<GuideState, { phase: 'sign-in' }>,
): SignIn | null {
  if (secrets.password !== null) return { kind: 'password', password: secrets.password }
  const path = options.identity ?? (state.agentKeys === 0 ? state.keyFiles[0] : undefined)
  if (path === undefined) return state.agentKeys > 0 ? { kind: 'agent' } : null
  return {
    kind: 'key-file',
    path,
    ...(secrets.passphrase === null ? {} : { passphrase: secrets.passphrase }),
  }
}

/** How long it took from signed in to the key's proof, in ms. */
function clockOf(guide: Guide): () => number | null {
  let from: number | null = null
  let to: number | null = null
  guide.subscribe(() => {
    const state = guide.state()
    if (state.phase === 'survey') from ??= performance.now()
    if (state.phase === 'proof' && state.key === 'accepted') to ??= performance.now()
  })
  return () => (from === null || to === null ? null : to - from)
}

async function apply(needs: Needs, shown: Review, provenMs: () => number | null): Promise<Led> {
  const { guide, options, printer } = needs
  const changes = shown.plan.steps.some(({ id }) => !shown.skipped.includes(id))
  if (changes && !options.yes && !(await needs.confirm(shown.host, shown.plan, shown.skipped)))
    return { end: 'undecided', why: 'yes', problem: null }
  const told = new Map<string, string>()
  let phase = ''
  const stop = guide.subscribe(() => {
    const now = guide.state()
    if (now.phase !== 'repair' && now.phase !== 'proof' && now.phase !== 'stopped') return
    for (const step of now.steps) {
      if (told.get(step.id) === step.state || step.state === 'pending') continue
      told.set(step.id, step.state)
      printer.steps(now.steps, step)
    }
    printer.steps(now.steps, null)
    const half = now.phase === 'proof' ? (now.key === 'running' ? 'proving' : 'building') : ''
    if (half !== '' && half !== phase && (half === 'proving' || options.testBuild)) needs.tell(half)
    if (half !== '') phase = half
  })
  await guide.apply()
  await passLaptop(needs)
  await untilBack(needs)
  stop()
  const end = guide.state()
  if (end.phase === 'done' && end.paired)
    return {
      end: 'done',
      what: options.testBuild ? 'paired' : 'accepted',
      provenMs: provenMs(),
      steps: end.steps,
      told: end,
    }
  return fellShort(end)
}

/** Of a switch that was cancelled: until the desktop is seen to be back, or nobody wants to see it any more. */
async function untilBack({ guide, printer }: Needs): Promise<void> {
  const state = guide.state()
  if (state.phase !== 'stopped' || state.goingBack === undefined) return
  printer.goingBack(state.goingBack, state.host)
  if (state.goingBack.state !== 'waiting') return
  const end = await new Promise<GuideState>((resolve) => {
    const look = () => {
      const now = guide.state()
      if (now.phase === 'stopped' && now.goingBack?.state === 'waiting') return
      off()
      resolve(now)
    }
    const off = guide.subscribe(look)
    look()
  })
  if (end.phase === 'stopped' && end.goingBack !== undefined) printer.goingBack(end.goingBack, end.host)
}

type Review = Extract<GuideState, { phase: 'review' }>

async function remove({ guide, options, confirm, printer }: Needs, shown: Review): Promise<Led> {
  const { host, keyLines } = shown
  // Nobody is asked about what cannot be done.
  if (shown.problem !== null) return failedWith(shown.problem)
  if (keyLines !== undefined) printer.keyLines(keyLines, host)
  if (keyLines === undefined || (keyLines.goes.length === 0 && keyLines.unread.length === 0))
    return { end: 'done', what: 'absent', provenMs: null, steps: [], told: {} }
  if (!options.yes && !(await confirm(host, null, []))) return { end: 'undecided', why: 'yes', problem: null }
  await guide.undo('remove-key')
  const end = guide.state()
  const what = keyLines.stays.length === 0 && keyLines.unread.length === 0 ? 'removed' : 'removedLine'
  if (end.phase === 'done' && end.undo.done !== null)
    return { end: 'done', what, provenMs: null, steps: [], told: {} }
  if (end.phase === 'done') return failedWith(end.undo.problem)
  return fellShort(end)
}

/** The guide stands where it should not: its problem says why. */
export function fellShort(state: GuideState): Led {
  const steps = 'steps' in state ? state.steps : []
  const told: Told = state.phase === 'done' || state.phase === 'stopped' ? state : {}
  const goingBack = state.phase === 'stopped' && state.goingBack ? { goingBack: state.goingBack } : {}
  return { end: 'failed', problem: 'problem' in state ? state.problem : null, steps, told, ...goingBack }
}

function failedWith(why: Problem | null): Led {
  return { end: 'failed', problem: why, steps: [], told: {} }
}
