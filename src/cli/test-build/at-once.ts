// What offload-test-build does first, before it has loaded its words, its printers and its history: get Nix going. A build
// that needs a third of a second should not wait for any of them.
import { homeOf } from '../../core/config/home.ts'
import { appPaths } from '../../core/config/paths.ts'
import type { Builder, LaptopFacts } from '../../core/laptop/facts.ts'
import { laptopSource } from '../../core/laptop/source.ts'
import { type Ahead, startAhead } from '../../core/test-build/ahead.ts'
import { hindrance, standardTimeout } from '../../core/test-build/ready.ts'
import { startTestBuild, type TestBuild } from '../../core/test-build/run.ts'
import { type Problem, problem } from '../../shared/outcome.ts'
import type { TestBuildEvent } from '../../shared/test-build.ts'
import type { Wishes } from './wishes.ts'

/** What came of the beginning. */
export type Begun =
  | {
      readonly state: 'building'
      readonly running: TestBuild
      readonly facts: LaptopFacts
      /** Tells the listener everything, also what was before; nobody else may listen. */
      readonly hear: (listener: (event: TestBuildEvent) => void) => void
    }
  /** Nothing can be built; nothing was, and nothing is left. */
  | { readonly state: 'hindered'; readonly problem: Problem }
  | { readonly state: 'no-such-builder'; readonly choices: readonly string[] }

/**
 * Starts Nix, looks at the laptop meanwhile, and asks for the build as soon as both are there. `waiting` is called once
 * Nix has all it needs: the moment for work that holds the event loop; never where it does not come to that.
 */
export async function begin(
  wishes: Wishes,
  env: NodeJS.ProcessEnv,
  givenUp: AbortSignal,
  waiting: () => void = () => undefined,
): Promise<Begun> {
  const ahead = startedAhead(env, wishes.payloadBytes)
  // No cache takes part in a test build.
  const source = laptopSource({ env, config: { cache: 'none' } })
  const survey = await source.survey(() => {
    if (wishes.builder === null) ahead?.warm()
  })
  const hindered = survey.ok ? hindrance(survey.value) : survey.problem
  if (!survey.ok || hindered !== null) {
    await ahead?.remove()
    return { state: 'hindered', problem: hindered ?? problem('laptop.nix-missing') }
  }
  const facts = survey.value
  const builder = chooseBuilder(facts.builders, wishes.builder)
  if (builder === null) {
    await ahead?.remove()
    return { state: 'no-such-builder', choices: facts.builders.map((one) => one.host) }
  }
  const running = startTestBuild({
    builder,
    builders: facts.builders,
    wanted: wishes.builder === null ? 'any' : 'this',
    payloadBytes: wishes.payloadBytes,
    timeoutMs: wishes.timeoutMs ?? standardTimeout(wishes.payloadBytes),
    env,
    explain: (one) => explain(one, facts, env),
    waiting,
    ...(ahead === null ? {} : { ahead }),
  })
  const cancel = () => void running.cancel()
  if (givenUp.aborted) cancel()
  givenUp.addEventListener('abort', cancel)
  return { state: 'building', running, facts, hear: kept(running) }
}

function startedAhead(env: NodeJS.ProcessEnv, payloadBytes: number): Ahead | null {
  try {
    return startAhead(env, payloadBytes)
  } catch {
    // No temporary folder: the test build tries again, and says so in the words of its verdict.
    return null
  }
}

/** Our own checks are loaded when they are asked. */
async function explain(
  builder: Builder,
  facts: LaptopFacts,
  env: NodeJS.ProcessEnv,
): Promise<Problem | null> {
  const { witness } = await import('../../core/test-build/explain.ts')
  const { knownHostsFiles } = await import('../../core/monitor/monitor.ts')
  return witness(facts, knownHostsFiles(appPaths(env), homeOf(env)))(builder)
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
