// Why a test build failed: what Nix said, and where it hides the reason, what its journal and our own checks say.
import type { Problem } from '../../shared/outcome.ts'
import type { StageId } from '../../shared/test-build.ts'
import type { Builder } from '../laptop/facts.ts'
import type { Where } from './failure-texts.ts'
import { readDaemonJournal } from './journal.ts'
import type { Track } from './track.ts'
import { completed, type Evidence, judge, judgeJournal } from './verdict.ts'

/** Who ended a run before it ended by itself. */
export type Stop =
  | { readonly why: 'cancelled' }
  | { readonly why: 'stalled'; readonly stage: StageId; readonly seconds: number }

/** What a test build is about, and who may be asked about it. */
export interface Subject {
  /** Gives system and features, and names the host until another machine takes the build. */
  readonly builder: Builder
  /** All rows, so that the one that took the build is known by its id; default: only `builder`. */
  readonly builders?: readonly Builder[]
  readonly env: NodeJS.ProcessEnv
  /** Our own checks of a builder, asked where Nix hides the reason. null: they found nothing wrong. */
  readonly explain?: (builder: Builder) => Promise<Problem | null>
}

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
    lines: failure.lines,
  }
  const verdict = judge(evidence)
  if (stop?.why === 'cancelled') return completed(evidence, { cause: 'nix.cancelled', params: {} })
  if (stop !== null) {
    const { stage, seconds } = stop
    const known = await standstill(failure, builder, stage)
    const raw = verdict.problem.raw
    if (known !== null) return { ...known, params: { ...known.params, stage, seconds } }
    return completed(evidence, { cause: 'nix.stalled', params: { stage, seconds } }, raw)
  }
  if (!verdict.hidden) return sharpened(verdict.problem, failure, builder)
  const journal = judgeJournal(await readDaemonJournal(failure.since, options.env), evidence)
  const found = journal ?? (await explained(failure, builder))
  return found === null
    ? verdict.problem
    : { ...found, raw: [verdict.problem.raw, found.raw].filter(Boolean).join('\n') }
}

/** What our own checks make of a silence: a desktop that is gone by now, or one that never came to the call. */
async function standstill(failure: Failure, builder: Builder, stage: StageId): Promise<Problem | null> {
  if (stage === 'evaluate' || stage === 'wait' || stage === 'verify') return null
  const found = await explained(failure, builder)
  return stage === 'connect' || found?.cause.startsWith('net.') === true ? found : null
}

/** ssh's words are poor here: which host key was expected, why a key was refused, who hung up. Our checks may know. */
async function sharpened(problem: Problem, failure: Failure, builder: Builder): Promise<Problem> {
  const { cause } = problem
  if (cause !== 'ssh.key-refused' && cause !== 'ssh.throttled' && !cause.startsWith('ssh.host-key'))
    return problem
  const own = await explained(failure, builder)
  const agrees = own !== null && (own.cause === cause || own.cause.startsWith('laptop.builder-key'))
  // Another server on that port hangs up just like an sshd that had enough.
  const better = agrees || (cause === 'ssh.throttled' && own?.cause === 'ssh.not-ssh')
  return better ? { ...own, ...(problem.raw === undefined ? {} : { raw: problem.raw }) } : problem
}

async function explained({ options, givenUp, say }: Failure, builder: Builder): Promise<Problem | null> {
  try {
    return (await Promise.race([options.explain?.(builder), givenUp.then(() => null)])) ?? null
  } catch (error) {
    say(`our own checks failed: ${error instanceof Error ? error.message : String(error)}`)
    return null
  }
}

/** The row of the machine that took the build, or was tried last, or was asked for. */
export function builderOf(
  track: Pick<Track, 'machine' | 'tried'>,
  { builder, builders }: Pick<Subject, 'builder' | 'builders'>,
): Builder {
  const uri = track.machine ?? track.tried
  if (uri === null || builder.uri === uri) return builder
  return builders?.find((one) => one.uri === uri) ?? { ...builder, id: uri, uri, host: hostOf(uri) }
}

function hostOf(uri: string): string {
  return /^[a-z-]+:\/\/(?:[^@/]*@)?([^/?]+)/.exec(uri)?.[1] ?? uri
}
