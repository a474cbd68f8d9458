// One run of offload-repair: survey the laptop, lead the guide, print, exit.
import { createInterface } from 'node:readline/promises'
import { version } from '../../../package.json'
import { loadConfig } from '../../core/config/config.ts'
import { homeOf } from '../../core/config/home.ts'
import { appPaths } from '../../core/config/paths.ts'
import type { LaptopFacts } from '../../core/laptop/facts.ts'
import { laptopSource } from '../../core/laptop/source.ts'
import { knownHostsFiles } from '../../core/monitor/monitor.ts'
import { createGuide } from '../../core/repair/guide.ts'
import { realEngine } from '../../core/repair/real-engine.ts'
import { witness } from '../../core/test-build/explain.ts'
import { defaultPayload } from '../../core/test-build/probe.ts'
import { standardTimeout } from '../../core/test-build/ready.ts'
import { startTestBuild } from '../../core/test-build/run.ts'
import { fill, type Locale } from '../../shared/locale.ts'
import { type Messages, messagesFor } from '../../shared/messages/index.ts'
import { type Problem, problem } from '../../shared/outcome.ts'
import type { RepairPlan, StepId } from '../../shared/repair.ts'
import { choosePaint } from '../status/paint.ts'
import { keepRun } from '../test-build/keep-run.ts'
import { leadLaptop } from './laptop.ts'
import { type Led, lead } from './lead.ts'
import { createLiveLine, noLiveLine } from './live.ts'
import { exitCodes, parseOptions, type RepairOptions, wrong } from './options.ts'
import { jsonPrinter, plainPrinter, type RepairPrinter } from './print.ts'
import { readSecrets } from './secrets.ts'

/** Runs, prints and exits. `spoken` is the environment's language. */
export async function main(args: readonly string[], spoken: Locale): Promise<void> {
  const parsed = parseOptions(args, spoken, version)
  if (parsed.kind === 'say') return say(parsed.text, parsed.code)
  const { options } = parsed
  const paths = appPaths(process.env)
  const { config } = await loadConfig(paths)
  const words = messagesFor(options.locale ?? (config.locale === 'auto' ? spoken : config.locale))
  const secrets = await readSecrets(options.stdin, process.stdin)
  if (secrets === null) return usage(words.repair.fewSecrets, words)
  const source = laptopSource({ env: process.env, config })
  const survey = await source.survey()
  const printer = choosePrinter(options, words)
  if (!survey.ok) return end(failed(survey.problem), '', words, printer)
  const builder = chooseBuilder(survey.value, options.builder)
  if (builder === null && options.wish.first === undefined) {
    const choices = survey.value.builders.map((one) => one.host).join(', ')
    if (choices === '') {
      const why = survey.value.problems[0] ?? problem('laptop.no-builder')
      return end(failed(why), '', words, printer)
    }
    return usage(fill(words.repair.noSuchBuilder, { what: options.builder ?? '', choices }), words)
  }
  const facts = survey.value
  const home = homeOf(process.env)
  const guide = createGuide(
    realEngine({
      source,
      config,
      paths,
      env: process.env,
      testBuild: async (target, signal) => {
        if (!options.testBuild) return null
        const running = startTestBuild({
          builder: target.builder,
          wanted: facts.builders.length > 1 ? 'this' : 'any',
          payloadBytes: defaultPayload,
          timeoutMs: standardTimeout(defaultPayload),
          env: process.env,
          explain: witness(facts, knownHostsFiles(paths, home)),
        })
        signal.addEventListener('abort', () => void running.cancel(), { once: true })
        const result = await running.done
        const { builders } = facts
        await keepRun({
          result,
          builders,
          payloadBytes: defaultPayload,
          paths,
          words,
          teller: 'offload-repair',
        })
        return result.ok ? null : result.problem
      },
    }),
  )
  const cancel = () => {
    const state = guide.state()
    if (state.phase === 'repair' && !state.cancelling) printer.note(words.repairView.repairCancelling)
    void guide.cancel()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, cancel)
  // A reader that goes away (head, a closed terminal) ends the repair safely.
  process.stdout.on('error', cancel)
  const host = builder?.host ?? options.wish.first?.host ?? ''
  const tell = (what: 'proving' | 'building') => printer.note(fill(words.repair[what], { host }))
  const confirm: Parameters<typeof lead>[0]['confirm'] = (host, plan, skipped) =>
    confirmAtTerminal(`${question(host, plan, skipped, words)} `, options)
  const confirmLaptop = () => confirmAtTerminal(`${words.laptopSide.cliAsk} `, options)
  const needs = { guide, options, secrets, printer, confirm, confirmLaptop, tell }
  const led =
    builder === null || options.verb === 'laptop'
      ? await leadLaptop(needs, builder?.id ?? null)
      : await lead(needs, builder.id)
  await guide.close()
  return end(led, host, words, printer)
}

function choosePrinter(options: RepairOptions, words: Messages): RepairPrinter {
  const write = (text: string) => void process.stdout.write(text)
  if (options.json) return jsonPrinter({ write, words }, options.verb)
  const terminal = process.stdout.isTTY === true
  const live = terminal ? createLiveLine(process.stdout, () => performance.now()) : noLiveLine
  return plainPrinter({ write, words, paint: choosePaint(terminal, process.env, options.color), live })
}

function chooseBuilder({ builders }: LaptopFacts, wish: string | null) {
  if (wish === null) return builders[0] ?? null
  return builders.find((one) => [one.id, one.uri, one.host, one.address.host].includes(wish)) ?? null
}

function failed(why: Problem): Led {
  return { end: 'failed', problem: why, steps: [], told: {} }
}

/** One yes for all that was shown; what is risky or takes long is named once more. */
function question(
  host: string,
  plan: RepairPlan | null,
  skipped: readonly StepId[],
  words: Messages,
): string {
  const kept = plan?.steps.filter(({ id }) => !skipped.includes(id)) ?? []
  const loud = kept.filter((step) => step.long === true || step.risk === 'high')
  const names = loud.map((step) => words.repairView.steps[step.id]).join(', ')
  const first = loud.length === 0 ? '' : `${fill(words.repair.askLoud, { steps: names })} `
  return `${first}${fill(words.repair.ask, { host })}`
}

/** A person says yes at a terminal; a pipe never does. */
async function confirmAtTerminal(question: string, { json, stdin }: RepairOptions): Promise<boolean> {
  const usesStdin = stdin.passphrase || stdin.password || stdin.sudo
  if (json || usesStdin || process.stdin.isTTY !== true) return false
  const asked = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await asked.question(question)
  asked.close()
  return /^[ysj]/i.test(answer.trim())
}

/** Prints the end; gives the exit code. */
function codeOf(led: Led, host: string, words: Messages, printer: RepairPrinter): number {
  const { repair, repairView } = words
  switch (led.end) {
    case 'planned':
      return exitCodes.done
    case 'done': {
      const took = led.provenMs === null ? {} : { provenMs: Math.round(led.provenMs) }
      const text = fill(repair[led.what], { host })
      printer.result({ type: 'result', ok: true, ...took, steps: led.steps, host, told: led.told }, text)
      return exitCodes.done
    }
    case 'failed': {
      const left = led.steps
        .filter(({ state }) => ['pending', 'failed', 'cancelled'].includes(state))
        .map((step) => repairView.steps[step.id])
      const stands = led.steps.some(({ state }) => state === 'done')
      const stopped =
        led.problem !== null
          ? []
          : [stands || led.steps.length === 0 ? repair.stopped : repair.stoppedNothing]
      const undone = left.length === 0 ? [] : [fill(repair.left, { steps: left.join(', ') })]
      const text = [...stopped, ...undone].join('\n')
      const why = led.problem === null ? {} : { problem: led.problem }
      const back = led.goingBack === undefined ? {} : { goingBack: led.goingBack }
      const { steps, told } = led
      printer.result({ type: 'result', ok: false, ...why, ...back, steps, host, told }, text)
      return exitCodes.failed
    }
    case 'undecided': {
      const text = { 'host-key': '', yes: repair.needsYes, sudo: repair.needsSudo }[led.why]
      const why = led.problem === null || led.why === 'host-key' ? {} : { problem: led.problem }
      const ended = { type: 'result', ok: false, ...why, steps: [], host, told: {} } as const
      printer.result(ended, fill(text, { host }))
      return exitCodes.undecided
    }
    case 'impossible': {
      const text = fill(repair.onlyNeeds, { step: led.step, needs: led.needs.join(', ') })
      printer.result({ type: 'result', ok: false, steps: [], host, told: {} }, text)
      return exitCodes.usage
    }
    case 'not-planned': {
      const text = fill(repair.notPlanned, { step: led.step, host })
      printer.result({ type: 'result', ok: false, steps: [], host, told: {} }, text)
      return exitCodes.usage
    }
    default:
      return led satisfies never
  }
}

function end(led: Led, host: string, words: Messages, printer: RepairPrinter): void {
  const code = codeOf(led, host, words, printer)
  // An empty write comes back when all before it is out.
  process.stdout.write('', () => process.exit(code))
}

function usage(text: string, words: Messages): void {
  const said = wrong(text, words)
  say(said.text, said.code)
}

function say(text: string, code: number): void {
  const stream = code === 0 ? process.stdout : process.stderr
  stream.write(text, () => process.exit(code))
}
