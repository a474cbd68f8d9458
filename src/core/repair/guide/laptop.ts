// Laptop: what this laptop still needs is shown, changed at a yes, and can be taken back. Between the repair and its proof,
// or by itself, where nobody signs in anywhere.
import { isNeeded, type LaptopDone, type LaptopPlan, type LaptopWish } from '../../../shared/laptop-side.ts'
import type { Problem } from '../../../shared/outcome.ts'
import { pairingSteps, type StepId } from '../../../shared/repair.ts'
import { changedFiles, type LaptopDid } from '../../laptop-side/apply.ts'
import type { LaptopPlanned } from '../../laptop-side/plan.ts'
import type { LaptopSide } from '../../laptop-side/side.ts'
import type { AdminSession } from '../admin-session.ts'
import { base, type Context, newContext, toldOf } from './context.ts'
import { find } from './find.ts'
import { prove } from './proof.ts'
import type { Stage } from './stage.ts'

/** What the laptop's part holds while a guide is open. */
export interface LaptopPart {
  readonly wish: LaptopWish
  /** Opened by itself: nobody is signed in. */
  readonly alone: boolean
  planned: LaptopPlanned | null
  did: LaptopDid | null
}

/** What the laptop itself needs does not hang on these. */
const onlyPair: ReadonlySet<StepId> = new Set(pairingSteps)

/** What the laptop needs, as far as the steps do not change the answer. */
export type EarlyNeeds = ReturnType<LaptopSide['needs']> | null

/** Asked while the steps run, where they change nothing of the answer. */
export function needsMeanwhile(
  stage: Stage,
  at: Context,
  steps: readonly StepId[],
  signal: AbortSignal,
): EarlyNeeds {
  if (stage.engine.laptop === undefined || !steps.every((id) => onlyPair.has(id))) return null
  return stage.engine.laptop.needs(wishOf(at), { cacheKey: knownKey(at) }, signal)
}

/** After the steps: stands still where the laptop lacks something that builds need. Gives whether it did. */
export async function laptopAfterRepair(
  stage: Stage,
  at: Context,
  early: EarlyNeeds,
  signal: AbortSignal,
): Promise<boolean> {
  const side = stage.engine.laptop
  if (side === undefined) return false
  // A first row may have been written on the way here.
  const did = stage.laptop()?.did ?? null
  const part: LaptopPart = { wish: wishOf(at), alone: false, planned: null, did }
  stage.setLaptop(part)
  const planned = await (early ?? needsOf(stage, at, part.wish, signal))
  // A laptop that cannot be read any more fails the proof with its own reason.
  if (signal.aborted || planned === undefined || !planned.ok || !isNeeded(planned.value.plan)) return false
  part.planned = planned.value
  putLaptop(stage, at, part, { busy: false })
  return true
}

/** The laptop's part by itself. Ends at laptop, with what is needed or a problem. */
export async function openLaptop(stage: Stage, wish: LaptopWish): Promise<void> {
  await stage.abort()
  await stage.endSession()
  stage.setContext(null)
  stage.setLaptop({ wish, alone: true, planned: null, did: null })
  await lookAgain(stage)
}

/** A yes to a key that a row pins otherwise: the change of this laptop is shown, and Find comes after it. Nobody signs in before. */
export function openRenewal(stage: Stage, at: Context, hostKey: string): Promise<void> {
  if (stage.engine.laptop === undefined) return Promise.resolve()
  const wish: LaptopWish = { builder: at.target.builder.id, hostKey, scope: 'host-key' }
  stage.setLaptop({ wish, alone: true, planned: null, did: stage.laptop()?.did ?? null })
  return lookAgain(stage)
}

/** Looks at the laptop once more, for the same wish. */
export function lookAgain(stage: Stage): Promise<void> {
  const part = stage.laptop()
  const side = stage.engine.laptop
  if (part === null || side === undefined) return Promise.resolve()
  return stage.work(async (signal) => {
    const at = stage.context()
    putLaptop(stage, at, part, { busy: true })
    const cacheKey = at === null ? null : await cacheKeyOf(stage, at, signal)
    const planned = await side.needs(part.wish, { cacheKey }, signal)
    if (signal.aborted) return
    if (!planned.ok) return putLaptop(stage, at, part, { problem: planned.problem })
    part.planned = planned.value
    // A NixOS laptop that has switched, or a line that the person changed: on to the desktop itself.
    if (part.wish.scope === 'host-key' && !isNeeded(planned.value.plan)) return goOn(stage, part, signal)
    putLaptop(stage, at, part, {})
  })
}

/** The yes to what is shown. Goes on to the proof, to a new builder's own repair, or stays with a problem. */
export async function applyLaptop(stage: Stage): Promise<void> {
  const part = stage.laptop()
  const side = stage.engine.laptop
  const state = stage.state()
  if (state.phase !== 'laptop' || state.busy || part === null || side === undefined) return
  const { planned } = part
  if (planned === null || !planned.plan.canApply) return
  await stage.work(async (signal) => {
    const at = stage.context()
    putLaptop(stage, at, part, { busy: true })
    const applied = await side.apply(planned, signal)
    if (applied.ok) {
      part.did = joined(part.did, applied.value)
      if (at !== null) at.laptop = doneOf(part.did)
    }
    if (signal.aborted) return
    if (!applied.ok) return putLaptop(stage, at, part, { problem: applied.problem })
    await goOn(stage, part, signal)
  })
}

/** Goes on without changing anything here: nothing is needed, or the person does it by hand. */
export async function skipLaptop(stage: Stage): Promise<void> {
  const part = stage.laptop()
  const state = stage.state()
  if (state.phase !== 'laptop' || state.busy || part === null) return
  await stage.work((signal) => goOn(stage, part, signal))
}

/** Takes the laptop's changes back, while the guide is open. */
export async function undoLaptop(stage: Stage): Promise<void> {
  const side = stage.engine.laptop
  const did = stage.laptop()?.did
  const state = stage.state()
  if (state.phase !== 'done' && state.phase !== 'stopped') return
  if (side === undefined || did == null || state.laptop?.undo !== 'can') return
  const put = (laptop: LaptopDone, paired: boolean) => {
    const at = stage.context()
    if (at !== null) at.laptop = laptop
    stage.put(state.phase === 'done' ? { ...state, paired, laptop } : { ...state, laptop })
  }
  const paired = state.phase === 'done' && state.paired
  await stage.work(async (signal) => {
    put({ ...doneOf(did), undo: 'busy' }, paired)
    const undone = await side.undo(did, signal)
    if (undone.ok) put({ ...doneOf(did), undo: 'done' }, false)
    else put({ ...doneOf(did), problem: undone.problem }, paired)
  })
}

async function goOn(stage: Stage, part: LaptopPart, signal: AbortSignal): Promise<void> {
  const before = stage.context()
  const id = builderAfter(part)
  // A first row, or another host key: the desktop is trusted, signed in to and repaired next, as any other.
  if (part.wish.first !== undefined || part.wish.scope === 'host-key') {
    await find(stage, id)
    const found = stage.context()
    if (found !== null && part.did !== null) found.laptop = doneOf(part.did)
    if (found !== null) found.accepted = before?.accepted ?? null
    return
  }
  // Where Nix reaches it may have changed: the builder is found anew.
  const found = await stage.engine.find(id, signal)
  if (signal.aborted) return
  if (!found.ok) return putLaptop(stage, before, part, { problem: found.problem })
  const at: Context = before === null ? newContext(found.value) : { ...before, target: found.value }
  if (part.did !== null) at.laptop = doneOf(part.did)
  stage.setContext(at)
  await prove(stage, at, signal)
}

/** The id that the builder has after the change. */
function builderAfter({ wish, planned, did }: LaptopPart): string {
  const plan = planned?.plan
  if (wish.first !== undefined) return wish.first.host
  const move = did === null ? null : (plan?.move ?? null)
  const host = wish.builder ?? plan?.host ?? ''
  return move === null ? host : host.replace(move.from, move.to)
}

function wishOf({ target, accepted }: Context): LaptopWish {
  return { builder: target.builder.id, ...(accepted === null ? {} : { hostKey: accepted }) }
}

/** The cache's public key as the desktop has it now: after steps it is asked for once more. */
const knownKey = (at: Context) => at.facts?.machine?.cache.key.publicKey || null

async function needsOf(stage: Stage, at: Context, wish: LaptopWish, signal: AbortSignal) {
  const cacheKey = await cacheKeyOf(stage, at, signal)
  return stage.engine.laptop?.needs(wish, { cacheKey }, signal)
}

async function cacheKeyOf(stage: Stage, at: Context, signal: AbortSignal): Promise<string | null> {
  const { session } = at
  const changed = at.steps.some((step) => step.state === 'done' && !onlyPair.has(step.id))
  if (session !== null && changed) {
    const facts = await resurvey(stage, at, session, signal)
    if (facts !== null) at.facts = facts
  }
  return knownKey(at)
}

async function resurvey(stage: Stage, at: Context, session: AdminSession, signal: AbortSignal) {
  const facts = await stage.engine.survey(session, at.target, signal)
  return facts.ok ? facts.value : null
}

/** Both changes; taken back, the later one comes first. */
function joined(before: LaptopDid | null, did: LaptopDid): LaptopDid {
  if (before === null) return did
  const restart = before.restart || did.restart
  return { ...did, placed: [...before.placed, ...did.placed], restart }
}

function doneOf(did: LaptopDid): LaptopDone {
  const undo = did.placed.length === 0 ? 'none' : 'can'
  return { changed: changedFiles(did), restartNeeded: did.restartNeeded, undo, problem: null }
}

function putLaptop(
  stage: Stage,
  at: Context | null,
  part: LaptopPart,
  more: { readonly busy?: boolean; readonly problem?: Problem },
): void {
  const { wish, planned } = part
  const host = wish.first?.host ?? planned?.plan.host ?? wish.builder ?? ''
  const where = at === null ? { builder: wish.builder ?? '', host, port: 22 } : { ...base(at), ...toldOf(at) }
  const laptopPlan: LaptopPlan | null = planned?.plan ?? null
  const why = more.problem ?? null
  const shown = { laptopPlan, alone: part.alone, wish, busy: more.busy ?? false, problem: why }
  stage.put({ phase: 'laptop', ...where, steps: at?.steps ?? [], ...shown })
}
