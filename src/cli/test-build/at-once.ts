// What offload-test-build does before it has loaded its words, its printers and its history: ask Nix for the build. One that
// needs a third of a second should not wait for any of them.
import { homeOf } from '../../core/config/home.ts'
import { appPaths } from '../../core/config/paths.ts'
import type { Builder, LaptopFacts } from '../../core/laptop/facts.ts'
import { glance } from '../../core/test-build/glance.ts'
import { hindrance, standardTimeout } from '../../core/test-build/ready.ts'
import { startTestBuild, type TestBuild } from '../../core/test-build/run.ts'
import { bad, type Outcome, type Problem } from '../../shared/outcome.ts'
import type { TestBuildEvent, TestBuildResult } from '../../shared/test-build.ts'
import { startFirst } from './first.ts'
import type { Wishes } from './wishes.ts'

/** What came of the beginning. */
export type Begun =
  | {
      readonly state: 'building'
      readonly builders: readonly Builder[]
      readonly done: Promise<TestBuildResult>
      readonly cancel: () => Promise<void>
      /** Tells the listener everything, also what was before; nobody else may listen. */
      readonly hear: (listener: (event: TestBuildEvent) => void) => void
    }
  /** Nothing can be built; nothing was, and nothing is left. */
  | { readonly state: 'hindered'; readonly problem: Problem }
  | { readonly state: 'no-such-builder'; readonly choices: readonly string[] }

/**
 * Reads the builders while Nix starts (`ahead`), and asks for the build as soon as there is one to ask for. Where the files alone
 * do not tell, the laptop is surveyed first; where the build fails, then. `waiting` is called once Nix has all it needs:
 * the moment for work that holds the event loop; never where it does not come to that.
 */
export async function begin(
  wishes: Wishes,
  env: NodeJS.ProcessEnv,
  givenUp: AbortSignal,
  ahead = startFirst(wishes, env),
  waiting: () => void = () => undefined,
): Promise<Begun> {
  const survey = untilGivenUp(surveyor(env), givenUp)
  const seen = await glance(env)
  const facts = seen === null ? await survey() : null
  const hindered = facts === null ? null : hindranceOf(facts)
  if (hindered !== null) {
    await ahead?.remove()
    return { state: 'hindered', problem: hindered }
  }
  const builders = seen ?? (facts?.ok ? facts.value.builders : [])
  const builder = chooseBuilder(builders, wishes.builder)
  if (builder === null) {
    await ahead?.remove()
    return { state: 'no-such-builder', choices: builders.map((one) => one.host) }
  }
  const running = startTestBuild({
    builder,
    builders,
    wanted: wishes.builder === null ? 'any' : 'this',
    payloadBytes: wishes.payloadBytes,
    timeoutMs: wishes.timeoutMs ?? standardTimeout(wishes.payloadBytes),
    env,
    explain: async (one, eyes) => {
      const found = await survey()
      // Nobody could look: that is no word about the builder.
      if (!found.ok) throw new Error(found.problem.raw ?? found.problem.cause)
      return explain(one, eyes, found.value, env)
    },
    waiting,
    ...(ahead === null ? {} : { ahead }),
  })
  const cancel = () => running.cancel()
  if (givenUp.aborted) void cancel()
  givenUp.addEventListener('abort', () => void cancel())
  const done = running.done.then((result) => withHindrance(result, survey))
  return { state: 'building', builders, done, cancel, hear: kept(running) }
}

type Survey = () => Promise<Outcome<LaptopFacts>>

/** Nobody waits for a survey any more once the person gives up; it goes on, and says nothing. */
function untilGivenUp(survey: Survey, givenUp: AbortSignal): Survey {
  const given = new Promise<Outcome<LaptopFacts>>((resolve) => {
    const tell = () => resolve(bad('nix.cancelled'))
    if (givenUp.aborted) tell()
    else givenUp.addEventListener('abort', tell)
  })
  return () => Promise.race([given, survey()])
}

/** Looks once, when asked first; only then is it loaded. No cache takes part in a test build. */
function surveyor(env: NodeJS.ProcessEnv): Survey {
  let surveyed: Promise<Outcome<LaptopFacts>> | undefined
  const look = async () => {
    const { laptopSource } = await import('../../core/laptop/source.ts')
    return laptopSource({ env, config: { cache: 'none' } }).survey()
  }
  return () => {
    surveyed ??= look()
    return surveyed
  }
}

function hindranceOf(survey: Outcome<LaptopFacts>): Problem | null {
  return survey.ok ? hindrance(survey.value) : survey.problem
}

/**
 * A failure that a survey would have foretold is told as one: it knows more than Nix says. Where none could be made, as
 * with a `nix` that does not answer, the build's own verdict stands.
 */
export async function withHindrance(result: TestBuildResult, survey: Survey): Promise<TestBuildResult> {
  if (result.ok || result.cancelled) return result
  const found = await survey()
  const agreed = !found.ok && found.problem.cause === result.problem.cause ? result.problem : null
  const hindered = found.ok ? hindrance(found.value) : agreed
  if (hindered === null) return result
  // It may have come far before: how far, and Nix's own words, stay.
  const raw = result.problem.raw ?? hindered.raw
  return {
    ...result,
    builder: null,
    uri: null,
    problem: { ...hindered, ...(raw === undefined ? {} : { raw }) },
  }
}

/** The result where nothing could be built at all. */
export function notStarted(found: Problem): TestBuildResult {
  const cancelled = found.cause === 'nix.cancelled'
  const nothing = { builder: null, uri: null, ms: 0, stages: [], cancelled }
  return { ok: false, problem: found, stage: 'evaluate', ...nothing }
}

/** Our own checks are loaded when they are asked. */
async function explain(
  builder: Builder,
  eyes: 'root' | undefined,
  facts: LaptopFacts,
  env: NodeJS.ProcessEnv,
): Promise<Problem | null> {
  const { witness } = await import('../../core/test-build/explain.ts')
  const { knownHostsFiles } = await import('../../core/monitor/monitor.ts')
  return witness(facts, knownHostsFiles(appPaths(env), homeOf(env)))(builder, eyes)
}

/** By host, URI or id; without a wish the first that may build at all. */
function chooseBuilder(builders: readonly Builder[], wish: string | null): Builder | null {
  if (wish === null) return builders.find((one) => one.maxJobs > 0) ?? builders[0] ?? null
  return builders.find((one) => [one.id, one.uri, one.host].includes(wish)) ?? null
}

/** Keeps what is told until somebody hears it. */
function kept(running: TestBuild): (listener: (event: TestBuildEvent) => void) => void {
  let hear: ((event: TestBuildEvent) => void) | null = null
  const before: TestBuildEvent[] = []
  running.subscribe((event) => {
    if (hear === null) before.push(event)
    else hear(event)
  })
  return (listener) => {
    hear = listener
    for (const event of before.splice(0)) listener(event)
  }
}
