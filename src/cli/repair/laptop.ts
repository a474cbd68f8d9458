// This laptop's own part on the command line: shown, changed at a yes, and led on to the proof.
import { isNeeded, type LaptopWish } from '../../shared/laptop-side.ts'
import { fellShort, type Led, type Needs } from './lead.ts'

/** After a repair of the desktop: what this laptop lacks is shown and, where it may be, changed; then comes the proof. */
export async function passLaptop(needs: Needs): Promise<void> {
  const { guide, printer, options } = needs
  const state = guide.state()
  if (state.phase !== 'laptop' || state.laptopPlan === null) return
  printer.laptop(state.laptopPlan)
  if (options.laptop && state.laptopPlan.canApply && (await saysYes(needs))) {
    await guide.applyLaptop()
    // The proof, or why it did not work: the proof then tells what that means for builds.
    const after = guide.state()
    if (after.phase !== 'laptop') return
    if (after.problem !== null) printer.problem(after.problem)
  }
  await guide.skipLaptop()
}

/** The verb `laptop`: nobody signs in anywhere. Without a yes it only shows. */
export async function leadLaptop(needs: Needs, builder: string | null): Promise<Led> {
  const { guide, printer, options } = needs
  const { first } = options.wish
  const wish: LaptopWish = {
    ...options.wish,
    ...(first !== undefined || builder === null ? {} : { builder }),
    ...(options.acceptHostKey === null ? {} : { hostKey: options.acceptHostKey }),
  }
  await guide.openLaptop(wish)
  const shown = guide.state()
  if (shown.phase !== 'laptop' || shown.laptopPlan === null) return fellShort(shown)
  const plan = shown.laptopPlan
  printer.laptop(plan)
  // Nothing can be proven over a key that nobody has compared, so nothing else is changed either.
  if (plan.hostKey?.accepted === false) return { end: 'undecided', why: 'host-key', problem: null }
  if (plan.cannot !== null && options.yes) return { end: 'failed', problem: plan.cannot, steps: [], told: {} }
  // On NixOS, or where only the desktop knows more: what was shown is all that can be done from here.
  if (!plan.canApply) return { end: 'planned' }
  if (!(await saysYes(needs)))
    return isNeeded(plan) ? { end: 'undecided', why: 'yes', problem: null } : { end: 'planned' }
  const proof = { proving: false, building: false }
  const stop = guide.subscribe(() => {
    const now = guide.state()
    const half = now.phase !== 'proof' ? null : now.key === 'running' ? 'proving' : 'building'
    if (half === null || proof[half] || (half === 'building' && !options.testBuild)) return
    proof[half] = true
    needs.tell(half)
  })
  await guide.applyLaptop()
  stop()
  const end = guide.state()
  // A first row: the desktop is next, and wants a sign-in.
  if (wish.first !== undefined && 'laptop' in end && end.laptop !== undefined)
    return { end: 'done', what: 'laptop', provenMs: null, steps: [], told: end }
  if (wish.first !== undefined && end.phase !== 'laptop')
    return { end: 'done', what: 'laptop', provenMs: null, steps: [], told: {} }
  if (end.phase !== 'done' || !end.paired) return fellShort(end)
  return { end: 'done', what: 'laptop', provenMs: null, steps: end.steps, told: end }
}

/**
 * After the yes to a key that a row pins otherwise: the change of this laptop, and on to the desktop. null: it was made, or
 * was made already.
 */
export async function passHostKey(needs: Needs): Promise<Led | null> {
  const { guide, printer, options } = needs
  const state = guide.state()
  if (state.phase !== 'laptop') return null
  if (state.laptopPlan === null) return fellShort(state)
  const plan = state.laptopPlan
  printer.laptop(plan)
  if (plan.hostKey?.accepted !== true) return { end: 'undecided', why: 'host-key', problem: null }
  if (plan.cannot !== null) return { end: 'failed', problem: plan.cannot, steps: [], told: {} }
  // What the others of its verbs only show or look at is no reason to change this laptop.
  const may = options.laptop && options.verb !== 'plan' && options.verb !== 'survey'
  // On NixOS what was shown is all that can be done from here.
  if (!plan.canApply) return { end: 'undecided', why: 'host-key', problem: null }
  if (!may || !(await saysYes(needs))) return { end: 'undecided', why: 'yes', problem: null }
  await guide.applyLaptop()
  const after = guide.state()
  return after.phase === 'laptop' ? fellShort(after) : null
}

async function saysYes({ options, confirmLaptop }: Needs): Promise<boolean> {
  return options.yes || (await confirmLaptop())
}
