// The guide: leads one person through one repair. A state machine over the engine's verbs; the window, the tests and
// the command line all drive this one. The picture of its phases stands in shared/repair.ts.
import { type Problem, problem } from '../../shared/outcome.ts'
import type {
  GuidePhase,
  GuideState,
  Question,
  SignIn,
  StepId,
  StepProgress,
  UndoKind,
  UndoState,
} from '../../shared/repair.ts'
import type { HostKeyVerdict } from '../desktop/results.ts'
import { hostKeyProblem } from '../desktop/ssh-problem.ts'
import { type AdminSession, refusal } from './admin-session.ts'
import { offeredOf, type RepairEngine, type RepairTarget, type SignInWays } from './engine.ts'
import type { Choices } from './make-steps.ts'
import type { Planned } from './plan.ts'
import type { SurveyFacts } from './survey-facts.ts'

/** What a person may change about a step before it runs. */
export interface StepWish {
  readonly skip?: boolean
  readonly option?: string
}

export interface Guide {
  state(): GuideState
  /** Returns how to unsubscribe. */
  subscribe(listener: () => void): () => void
  /** Begins with a builder; a repair under way is cancelled first. */
  open(builderId: string): Promise<void>
  /** Looks for the desktop again (find), or at it (survey): for "Try again". */
  retry(): Promise<void>
  /** The explicit yes to the fingerprint that is shown. */
  trust(fingerprint: string): Promise<void>
  signIn(user: string, how: SignIn): Promise<void>
  /** Answers the desktop's question; null gives the sign-in up. */
  answer(texts: readonly string[] | null): void
  /** The admin's sudo password; null goes on without, with what can be seen so. */
  elevate(sudoPassword: string | null): Promise<void>
  choose(step: StepId, wish: StepWish): void
  /** The yes to the plan that is shown. Resolves when the proof is over. */
  apply(yes?: { readonly sudoPassword?: string }): Promise<void>
  /** Back to an earlier phase; nothing on the desktop changes by it. */
  back(phase: GuidePhase): Promise<void>
  /** Ends it; what was and was not done stands in the state. */
  cancel(): Promise<void>
  undo(kind: UndoKind): Promise<void>
  /** Cancels, ends the session and forgets every secret. */
  close(): Promise<void>
}

/** sshd drops an address after four refused ones in a row (PerSourcePenalties). */
const signInTries = 3
const sudoTries = 3

interface Context {
  readonly target: RepairTarget
  verdict: HostKeyVerdict | null
  ways: SignInWays
  signInTriesLeft: number
  sudoTriesLeft: number
  session: AdminSession | null
  facts: SurveyFacts | null
  planned: Planned | null
  choices: Choices
  skipped: readonly StepId[]
  steps: readonly StepProgress[]
}

/** A guide at rest. */
export function createGuide(engine: RepairEngine): Guide {
  const listeners = new Set<() => void>()
  let state: GuideState = { phase: 'closed' }
  let context: Context | null = null
  let under: AbortController = new AbortController()
  let working: Promise<void> = Promise.resolve()
  let answerTo: ((texts: readonly string[] | null) => void) | null = null

  const put = (next: GuideState) => {
    state = next
    for (const listener of listeners) listener()
  }
  const base = ({ target }: Context) => ({
    builder: target.builder.id,
    host: target.builder.host,
    port: target.builder.address.port,
  })
  /** One thing at a time: what is asked while another runs is not done. */
  const work = (task: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    const mine = new AbortController()
    under = mine
    working = task(mine.signal).catch((error: unknown) => {
      if (!mine.signal.aborted) stopAt(problem('desktop.repair-failed', params(), String(error)), false)
    })
    return working
  }
  const params = () => ({ host: 'host' in state ? state.host : '', what: '' })
  const busy = () => 'busy' in state && state.busy
  const stopAt = (why: Problem | null, cancelled: boolean) => {
    if (state.phase === 'closed' || state.phase === 'stopped' || state.phase === 'done') return
    const { builder, host, port, phase } = state
    put({
      phase: 'stopped',
      builder,
      host,
      port,
      at: phase,
      cancelled,
      steps: context?.steps ?? [],
      problem: why,
    })
  }

  // find
  const find = (builderId: string) =>
    work(async (signal) => {
      const shown = 'host' in state ? { host: state.host, port: state.port } : { host: builderId, port: 22 }
      put({ phase: 'find', builder: builderId, ...shown, busy: true, problem: null })
      const found = await engine.find(builderId, signal)
      if (signal.aborted) return
      if (!found.ok) {
        const host = String(found.problem.params?.['host'] ?? shown.host)
        return put({ phase: 'find', builder: builderId, ...shown, host, busy: false, problem: found.problem })
      }
      context = newContext(found.value)
      put({ phase: 'find', ...base(context), busy: true, problem: null })
      const verdict = await engine.hostKey(found.value)
      if (signal.aborted) return
      if (!verdict.ok) return put({ phase: 'find', ...base(context), busy: false, problem: verdict.problem })
      context.verdict = verdict.value
      const revoked = verdict.value.state === 'revoked' ? problemOf(verdict.value, context) : null
      if (revoked !== null) return put({ phase: 'find', ...base(context), busy: false, problem: revoked })
      if (verdict.value.state === 'trusted') await showSignIn(context, null, signal)
      else showTrust(context, verdict.value, problemOf(verdict.value, context))
    })

  // trust
  const showTrust = (at: Context, verdict: HostKeyVerdict, why: Problem | null, isBusy = false) =>
    put({ phase: 'trust', ...base(at), busy: isBusy, offered: offeredOf(verdict), problem: why })

  // sign-in
  const showSignIn = async (at: Context, why: Problem | null, signal: AbortSignal) => {
    at.ways = await engine.ways(at.target)
    if (!signal.aborted) putSignIn(at, { problem: why })
  }
  const putSignIn = (
    at: Context,
    more: { user?: string; busy?: boolean; problem?: Problem | null; question?: Question | null },
  ) => {
    const user = more.user ?? (state.phase === 'sign-in' ? state.user : at.target.adminUser)
    const shown = { busy: false, problem: null, question: null, ...more, user }
    put({ phase: 'sign-in', ...base(at), ...shown, ...at.ways, triesLeft: at.signInTriesLeft })
  }
  const ask = (at: Context, signal: AbortSignal) => async (question: Question) => {
    if (signal.aborted) return null
    const answered = new Promise<readonly string[] | null>((resolve) => {
      answerTo = resolve
      signal.addEventListener('abort', () => resolve(null), { once: true })
    })
    putSignIn(at, { busy: true, question })
    const texts = await answered
    answerTo = null
    if (!signal.aborted) putSignIn(at, { busy: true })
    return texts
  }

  // survey
  const putSurvey = (
    at: Context,
    more: { busy?: boolean; problem?: Problem | null; asksSudoPassword?: boolean },
  ) =>
    put({
      phase: 'survey',
      ...base(at),
      admin: at.session?.user ?? '',
      busy: false,
      problem: null,
      asksSudoPassword: false,
      ...more,
      triesLeft: at.sudoTriesLeft,
    })
  /** `typed`: with a sudo password that the person has just given, which counts if it was wrong. */
  const look = async (at: Context, session: AdminSession, signal: AbortSignal, typed = false) => {
    putSurvey(at, { busy: true })
    const facts = await engine.survey(session, at.target, signal)
    if (signal.aborted) return
    if (!facts.ok) return putSurvey(at, { problem: facts.problem })
    at.facts = facts.value
    const wrong = typed && session.sudoPasswordWasWrong()
    if (wrong) at.sudoTriesLeft -= 1
    if (facts.value.rights.kind !== 'needs-password') return showReview(at, rootDenied(at))
    const who = { host: at.target.builder.host, user: session.user }
    const why = wrong ? problem('desktop.sudo-password-wrong', who) : null
    putSurvey(at, { asksSudoPassword: at.sudoTriesLeft > 0, problem: why })
  }

  // review
  const showReview = (at: Context, why: Problem | null) => {
    if (at.facts === null) return
    at.planned = engine.plan(at.facts, at.target, at.choices)
    put({
      phase: 'review',
      ...base(at),
      admin: at.session?.user ?? '',
      plan: at.planned.plan,
      skipped: at.skipped,
      asksSudoPassword: at.facts.rights.kind === 'needs-password',
      problem: why,
    })
  }

  // repair and proof
  const repair = (at: Context, session: AdminSession, planned: Planned) =>
    work(async (signal) => {
      const { plan } = planned
      const putSteps = (steps: readonly StepProgress[]) => {
        at.steps = steps
        if (state.phase === 'closed' || state.phase === 'stopped') return
        put({ phase: 'repair', ...base(at), cancelling: signal.aborted, plan, steps })
      }
      putSteps(plan.steps.map(({ id }) => ({ id, state: 'pending', output: '', ms: 0 })))
      const end = await engine.run(session, planned, at.skipped, putSteps, signal)
      at.steps = end.steps
      if (end.cancelled || signal.aborted) return stopAt(null, true)
      if (end.problem !== null) return stopAt(end.problem, false)
      await prove(at, signal)
    })
  const prove = async (at: Context, signal: AbortSignal) => {
    const shown = { phase: 'proof', ...base(at), steps: at.steps, problem: null } as const
    put({ ...shown, key: 'running', build: 'waiting' })
    const refused = await engine.prove(at.target)
    if (signal.aborted) return
    if (refused !== null) {
      // What no step could mend is the better reason.
      const why = at.planned?.plan.unmended[0] ?? refused
      return end(at, { key: 'failed', build: 'waiting', problem: why })
    }
    put({ ...shown, key: 'accepted', build: 'running' })
    const failed = await engine.testBuild(at.target, signal)
    if (signal.aborted) return
    const build = failed === null ? 'passed' : 'failed'
    end(at, { key: 'accepted', build, problem: failed })
  }
  const end = (
    at: Context,
    proof: { key: 'accepted' | 'failed'; build: 'waiting' | 'passed' | 'failed'; problem: Problem | null },
  ) => {
    const paired = proof.key === 'accepted' && proof.build === 'passed'
    put({ phase: 'done', ...base(at), paired, ...proof, steps: at.steps, undo: undoAtRest(at) })
  }

  /** Where nothing was run: a key of before may still be taken out. */
  const atRest = (at: Context): GuideState => ({
    phase: 'done',
    ...base(at),
    paired: false,
    key: 'failed',
    build: 'waiting',
    problem: null,
    steps: [],
    undo: undoAtRest(at),
  })

  const endSession = async () => {
    const session = context?.session ?? null
    if (context !== null) context.session = null
    await session?.close()
  }
  const abort = async () => {
    under.abort()
    answerTo?.(null)
    await working
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async open(builderId) {
      await abort()
      await endSession()
      context = null
      put({ phase: 'closed' })
      await find(builderId)
    },
    async retry() {
      if (busy()) return
      const at = context
      if (state.phase === 'find' || state.phase === 'stopped') {
        await endSession()
        await find(state.builder)
      } else if (state.phase === 'survey' && at?.session) {
        const { session } = at
        await work((signal) => look(at, session, signal))
      } else if (state.phase === 'done' && at !== null) await work((signal) => prove(at, signal))
    },
    async trust(fingerprint) {
      const at = context
      if (state.phase !== 'trust' || state.busy || at?.verdict == null) return
      // Only the key that the person saw: another fingerprint is no yes to this one.
      if (fingerprint !== at.verdict.offered.fingerprint) return
      const { verdict } = at
      await work(async (signal) => {
        showTrust(at, verdict, null, true)
        const trusted = await engine.trust(at.target, verdict)
        if (signal.aborted) return
        if (!trusted.ok) return showTrust(at, verdict, trusted.problem)
        const again = await engine.hostKey(at.target)
        if (signal.aborted) return
        if (!again.ok) return showTrust(at, verdict, again.problem)
        at.verdict = again.value
        // Another key than a moment ago, or a pin elsewhere that still says otherwise.
        if (again.value.state === 'trusted') await showSignIn(at, null, signal)
        else showTrust(at, again.value, problemOf(again.value, at))
      })
    },
    async signIn(user, how) {
      const at = context
      if (state.phase !== 'sign-in' || state.busy || at === null || at.signInTriesLeft <= 0) return
      await work(async (signal) => {
        putSignIn(at, { user, busy: true })
        const signed = await engine.signIn(at.target, user, how, ask(at, signal), signal)
        if (signal.aborted) {
          if (signed.ok) await signed.value.close()
          return
        }
        if (!signed.ok) {
          if (signed.problem.cause === 'ssh.sign-in-refused') at.signInTriesLeft -= 1
          return putSignIn(at, { user, problem: signed.problem })
        }
        at.session = signed.value
        at.sudoTriesLeft = sudoTries
        await look(at, signed.value, signal)
      })
    },
    answer: (texts) => answerTo?.(texts),
    async elevate(sudoPassword) {
      const at = context
      if (state.phase !== 'survey' || state.busy || !at?.session) return
      const { session } = at
      if (sudoPassword === null) {
        if (at.facts !== null) showReview(at, null)
        return
      }
      if (at.sudoTriesLeft <= 0) return
      session.giveSudoPassword(sudoPassword)
      await work((signal) => look(at, session, signal, true))
    },
    choose(step, { skip, option }) {
      const at = context
      if (state.phase !== 'review' || at === null) return
      const others = at.skipped.filter((id) => id !== step)
      if (skip !== undefined) at.skipped = skip ? [...others, step] : others
      if (option !== undefined) at.choices = { ...at.choices, [step]: option }
      showReview(at, rootDenied(at))
    },
    async apply(yes = {}) {
      const at = context
      if (state.phase !== 'review' || !at?.session || at.planned === null || at.facts === null) return
      const { session, planned } = at
      const left = planned.plan.steps.filter(({ id }) => !at.skipped.includes(id))
      const denied = left.some((step) => step.needsRoot) ? rootDenied(at) : null
      if (denied !== null) return showReview(at, denied)
      if (at.facts.rights.kind !== 'needs-password') return repair(at, session, planned)
      if (yes.sudoPassword === undefined || at.sudoTriesLeft <= 0) return
      // What root sees may be more than what was shown: such a plan is shown first, and needs a yes of its own.
      session.giveSudoPassword(yes.sudoPassword)
      await work((signal) => look(at, session, signal, true))
    },
    async back(phase) {
      const at = context
      if (state.phase === 'closed' || state.phase === 'repair' || at === null) return
      await abort()
      if (phase === 'find') {
        await endSession()
        return find(at.target.builder.id)
      }
      if (phase === 'sign-in') {
        await endSession()
        return work((signal) => showSignIn(at, null, signal))
      }
      const { session } = at
      if ((phase === 'survey' || phase === 'review') && session !== null)
        return work((signal) => look(at, session, signal))
    },
    async cancel() {
      if (state.phase === 'repair') put({ ...state, cancelling: true })
      await abort()
      stopAt(null, true)
      if (state.phase === 'stopped') await endSession()
    },
    async undo(kind) {
      const at = context
      if (!at?.session || at.planned === null) return
      if (state.phase === 'review' && kind === 'remove-key') put(atRest(at))
      if (state.phase !== 'done' || state.undo.busy) return
      const done = state
      const { session, planned } = at
      await work(async (signal) => {
        put({ ...done, undo: { ...done.undo, busy: true, problem: null } })
        const undone = await engine.undo(session, planned, kind, backupOf(at))
        if (signal.aborted) return
        const undo: UndoState = undone.ok
          ? { can: [], busy: false, done: kind, problem: null }
          : { ...undoAtRest(at), problem: undone.problem }
        put({ ...done, paired: done.paired && !undone.ok, undo })
      })
    },
    async close() {
      if (state.phase === 'repair') put({ ...state, cancelling: true })
      await abort()
      await endSession()
      context = null
      put({ phase: 'closed' })
    },
  }
}

function newContext(target: RepairTarget): Context {
  return {
    target,
    verdict: null,
    ways: { agentKeys: 0, keyFiles: [] },
    signInTriesLeft: signInTries,
    sudoTriesLeft: sudoTries,
    session: null,
    facts: null,
    planned: null,
    choices: {},
    skipped: [],
    steps: [],
  }
}

function problemOf(verdict: HostKeyVerdict, { target }: Context): Problem | null {
  const { host, address } = target.builder
  return hostKeyProblem(verdict, { host, port: address.port })
}

/** Why this admin cannot become root; null where they can, or may once they give a password. */
function rootDenied({ facts, target, session }: Context): Problem | null {
  if (facts === null || facts.rights.kind !== 'none') return null
  const { host, address } = target.builder
  return refusal(facts.rights.said, false, { host, port: address.port, user: session?.user ?? '' })
}

/** Where the push kept the file that it changed; null where it made the file, or changed nothing. */
function backupOf(at: Context): string | null {
  return at.steps.find((step) => step.id === 'push-key')?.backup ?? null
}

function undoAtRest(at: Context): UndoState {
  const pushed = at.steps.some((step) => step.id === 'push-key' && step.state === 'done')
  const can: readonly UndoKind[] = !pushed
    ? []
    : backupOf(at) === null
      ? ['remove-key']
      : ['remove-key', 'restore']
  return { can, busy: false, done: null, problem: null }
}
