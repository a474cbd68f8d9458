// Begins a test build for the window and the tray, as offload-test-build does it for the terminal.
import { homeOf } from '../core/config/home.ts'
import type { AppPaths } from '../core/config/paths.ts'
import type { Builder, LaptopSource } from '../core/laptop/facts.ts'
import { knownHostsFiles } from '../core/monitor/monitor.ts'
import { bad, good } from '../shared/outcome.ts'
import type { TestBuildResult } from '../shared/test-build.ts'
import type { Begin, RootQuestion } from './test-builds.ts'

interface Ground {
  readonly source: Pick<LaptopSource, 'survey'>
  readonly paths: Pick<AppPaths, 'knownHosts'>
  /** Each way; default: 1 MiB. */
  readonly payloadBytes?: number
}

/** The beginning of a build on the laptop as it is at that moment. Loaded only when asked for. */
export function beginOn({ source, paths, payloadBytes: size }: Ground): Begin {
  return async (wish, onEvent) => {
    const { startTestBuild } = await import('../core/test-build/run.ts')
    const { hindrance, standardTimeout } = await import('../core/test-build/ready.ts')
    const { witness } = await import('../core/test-build/explain.ts')
    const { defaultPayload } = await import('../core/test-build/probe.ts')
    const payloadBytes = size ?? defaultPayload
    const survey = await source.survey()
    if (!survey.ok) return survey
    const facts = survey.value
    const hindered = hindrance(facts)
    if (hindered !== null) return { ok: false, problem: hindered }
    const builder = choose(facts.builders, wish)
    // It was taken out of the machines file since the window showed it.
    if (builder === null) return bad('laptop.no-builder')
    const running = startTestBuild({
      builder,
      builders: facts.builders,
      wanted: wish === undefined ? 'any' : 'this',
      payloadBytes,
      timeoutMs: standardTimeout(payloadBytes),
      env: process.env,
      explain: witness(facts, knownHostsFiles(paths, homeOf(process.env))),
    })
    running.subscribe(onEvent)
    const rootQuestion = (result: TestBuildResult) => askable(result, facts.builders)
    return good({ ...running, payloadBytes, rootQuestion })
  }
}

/** What root could be asked about a build whose reason Nix hid; null where there is nothing to ask. */
async function askable(result: TestBuildResult, builders: readonly Builder[]): Promise<RootQuestion | null> {
  const { isHidden, rowOfRun, sharpened } = await import('../core/test-build/root-answer.ts')
  const { commandText, rootQuestion } = await import('../core/test-build/root-question.ts')
  const { env } = process
  const builder = isHidden(result) ? rowOfRun(result, builders) : null
  const question = builder === null ? null : await rootQuestion(builder, env)
  if (builder === null || question === null) return null
  return {
    command: commandText(question),
    async ask(hidden, signal) {
      const { askRoot } = await import('../core/test-build/as-root.ts')
      return sharpened(hidden, builder, question, await askRoot(question, { env, signal }))
    },
  }
}

/** By id; without a wish the first that may build at all. */
function choose(builders: readonly Builder[], wish: string | undefined): Builder | null {
  if (wish !== undefined) return builders.find((one) => one.id === wish) ?? null
  return builders.find((one) => one.maxJobs > 0) ?? builders[0] ?? null
}
