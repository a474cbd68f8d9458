// Why a test build failed: what Nix said, and where it hides the reason, what its journal and our own checks say.
import type { Problem } from '../../shared/outcome.ts'
import type { StageId } from '../../shared/test-build.ts'
import type { Builder } from '../laptop/facts.ts'
import { beforeLogin, sshEnded } from './failure-ends.ts'
import type { Where } from './failure-texts.ts'
import { readDaemonJournal } from './journal.ts'
import type { Track } from './track.ts'
import { completed, type Evidence, judge, judgeWords } from './verdict.ts'
import { builderOf } from './which-builder.ts'

/** Who ended a run before it ended by itself. */
export type Stop =
  | { readonly why: 'cancelled' }
  | { readonly why: 'stalled' | 'late'; readonly stage: StageId; readonly seconds: number }

/** What a test build is about, and who may be asked about it. */
export interface Subject {
  /** Gives system and features, and names the host until another machine takes the build. */
  readonly builder: Builder
  /** `this`: the person chose `builder`, so Nix is asked for it, if this user may. Default: any that fits. */
  readonly wanted?: 'this' | 'any'
  /** All rows, so that the one that took the build is known by its id; default: only `builder`. */
  readonly builders?: readonly Builder[]
  readonly env: NodeJS.ProcessEnv
  /**
   * Our own checks of a builder, asked where Nix hides the reason. null: they found nothing wrong. `root`: with the host
   * keys only that root's ssh, which Nix runs, is sure to know.
   */
  readonly explain?: (builder: Builder, eyes?: 'root') => Promise<Problem | null>
}

/** All that a failed run leaves to find its cause by. */
export interface Failure {
  readonly where: Where
  readonly lines: readonly string[]
  readonly track: Track
  readonly options: Subject
  readonly stop: Stop | null
  /** ms since 1970 */
  readonly since: number
  /** Resolves when the person gives up: then nobody is asked any more. */
  readonly givenUp: Promise<unknown>
  /** Asks for the same build over ssh://, where the user may. null: nothing came of it. */
  readonly askPlainly?: (builder: Builder) => Promise<Evidence | null>
  /** One line for the log. */
  readonly say: (line: string) => void
}

/** Why a run failed: the person's wish, the watchdog, Nix's words, its journal, our own checks; in this order. */
export async function whyFailed(failure: Failure): Promise<Problem> {
  const { stop, track, options } = failure
  const builder = builderOf(track, options)
  const evidence: Evidence = {
    builder,
    where: track.machine === null ? failure.where : 'taken',
    downloading: track.current === 'download',
    // What Nix says of our own ending it is no word about the build.
    lines: stop === null ? failure.lines : failure.lines.filter((line) => !interrupted.test(line)),
  }
  const verdict = judge(evidence)
  if (stop?.why === 'cancelled') return completed(evidence, { cause: 'nix.cancelled', params: {} })
  if (stop !== null) {
    const { stage, seconds } = stop
    const own = ourEnd(stop)
    if (own !== null) return completed(evidence, own, verdict.problem.raw)
    const known = await standstill(failure, builder, stage)
    const raw = verdict.problem.raw
    if (known !== null) return { ...known, params: { ...known.params, stage, seconds } }
    return completed(evidence, { cause: 'nix.stalled', params: { stage, seconds } }, raw)
  }
  if (verdict.problem.cause === 'net.connection-lost') return whoHungUp(verdict.problem, failure, builder)
  if (!verdict.hidden) return sharpened(verdict.problem, failure, builder)
  const found =
    (verdict.several ? null : judgeWords(await readDaemonJournal(failure.since, options.env), evidence)) ??
    (await explained(failure, builder)) ??
    (await plainly(failure, builder)) ??
    (await asRoot(failure, builder))
  return found === null
    ? verdict.problem
    : { ...found, raw: [verdict.problem.raw, found.raw].filter(Boolean).join('\n') }
}

/** Where our own patience ended it, and nothing says that the desktop stopped; null where something does. */
function ourEnd({ why, stage, seconds }: Exclude<Stop, { why: 'cancelled' }>) {
  const params = { stage, seconds }
  if (stage === 'wait') return { cause: 'nix.busy', params } as const
  if (why === 'late') return { cause: 'nix.too-slow', params } as const
  // Nobody but this laptop was asked yet.
  if (stage === 'evaluate') return { cause: 'laptop.nix-silent', params } as const
  return null
}

const interrupted = /interrupted by the user/

/** What our own checks make of a silence: a desktop that is gone by now, or one that never came to the call. */
async function standstill(failure: Failure, builder: Builder, stage: StageId): Promise<Problem | null> {
  if (stage === 'evaluate' || stage === 'wait' || stage === 'verify') return null
  const found = await explained(failure, builder)
  return stage === 'connect' || found?.cause.startsWith('net.') === true ? found : null
}

/**
 * A connection that broke, or a Nix over there that ended: where ssh says nothing of its own end, and the way to the desktop
 * is open right after it, it was Nix.
 */
async function whoHungUp(lost: Problem, failure: Failure, builder: Builder): Promise<Problem> {
  const { explain, env } = failure.options
  const journal = await readDaemonJournal(failure.since, env)
  if (explain === undefined || failure.lines.some(isOfSsh) || sshEnded.test(journal)) return lost
  const seen = await asked(failure, async () => ({ wrong: await explain(builder) }))
  if (seen == null || isNoWayIn(seen.wrong)) return lost
  const kept = lost.raw === undefined ? {} : { raw: lost.raw }
  if (seen.wrong?.cause.startsWith('nix.') === true) return { ...seen.wrong, ...kept }
  return { ...completed({ builder }, { cause: 'nix.hung-up', params: {} }), ...kept }
}

/**
 * Whether a line is ssh's word of its end. It ends in a carriage return, at which Nix 2.34 begins the line anew: nothing is
 * left of it but an empty line of the log, and the probe prints none.
 */
function isOfSsh(line: string): boolean {
  return line === '' || sshEnded.test(line)
}

/** Whether a check found the way to Nix closed; a host key that nobody has compared is none of that. */
function isNoWayIn(wrong: Problem | null): boolean {
  const cause = wrong?.cause ?? ''
  return cause.startsWith('net.') || (cause.startsWith('ssh.') && cause !== 'ssh.host-key-unknown')
}

/** ssh's words are poor here: which host key was expected, why a key was refused, who hung up. Our checks may know. */
async function sharpened(problem: Problem, failure: Failure, builder: Builder): Promise<Problem> {
  const { cause } = problem
  if (cause !== 'ssh.key-refused' && cause !== 'ssh.throttled' && !cause.startsWith('ssh.host-key'))
    return problem
  const own = (await explained(failure, builder)) ?? (await ofRoot(problem, failure, builder))
  const agrees = own !== null && (own.cause === cause || /^laptop\.(builder-key|host-key)/.test(own.cause))
  // Another server on that port hangs up just like an sshd that had enough.
  const better = agrees || (cause === 'ssh.throttled' && own?.cause === 'ssh.not-ssh')
  return better ? { ...own, ...(problem.raw === undefined ? {} : { raw: problem.raw }) } : problem
}

async function explained(failure: Failure, builder: Builder, eyes?: 'root'): Promise<Problem | null> {
  return (await asked(failure, () => failure.options.explain?.(builder, eyes))) ?? null
}

/** What ssh:// says of a builder whose row says ssh-ng://. */
async function plainly(failure: Failure, builder: Builder): Promise<Problem | null> {
  const evidence = await asked(failure, () => failure.askPlainly?.(builder))
  const verdict = evidence == null ? null : judge(evidence)
  if (verdict === null || verdict.hidden) return null
  const { problem } = verdict
  return (await ofRoot(problem, failure, builder)) ?? problem
}

/** Which host key it is that root does not know, though the person does. */
async function ofRoot({ cause }: Problem, failure: Failure, builder: Builder): Promise<Problem | null> {
  if (cause !== 'ssh.host-key-unknown') return null
  const found = await explained(failure, builder, 'root')
  return found?.cause === cause ? found : null
}

/**
 * Since Nix 2.26 at the latest it says whether it was before the login that ssh ended. If we get in and root's ssh does
 * not, then where the host key is in none of the files that everybody reads, root's own may lack it.
 */
async function asRoot(failure: Failure, builder: Builder): Promise<Problem | null> {
  if (!failure.lines.some((line) => beforeLogin.test(line))) return null
  return ofRoot({ cause: 'ssh.host-key-unknown' }, failure, builder)
}

/** Nobody is waited for any longer once the person gives up. */
async function asked<T>(
  { givenUp, say }: Failure,
  question: () => Promise<T> | undefined,
): Promise<T | null | undefined> {
  try {
    return await Promise.race([question(), givenUp.then(() => null)])
  } catch (error) {
    say(`our own checks failed: ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
}
