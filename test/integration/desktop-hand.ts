// A repair's scripts on the lab's desktop, by hand: as root in its namespaces, without SSH, which other tests are about.
import { spawn } from 'node:child_process'
import type { AdminSession } from '../../src/core/repair/admin-session.ts'
import type { RepairTarget } from '../../src/core/repair/engine.ts'
import { makePlan, type Planned } from '../../src/core/repair/plan.ts'
import { runCodes, runSteps } from '../../src/core/repair/run.ts'
import { takeBackCode } from '../../src/core/repair/sh.ts'
import type { Choices } from '../../src/core/repair/steps/context.ts'
import { surveyDesktop } from '../../src/core/repair/survey.ts'
import type { SurveyFacts } from '../../src/core/repair/survey-facts.ts'
import type { StepId, StepProgress } from '../../src/shared/repair.ts'
import { desktopArgv, desktopEnv } from '../lab/enter.ts'
import type { Lab } from '../lab/lab.ts'
import { repairTarget } from '../unit/core/repair/target.ts'

export interface Hand {
  survey(): Promise<SurveyFacts>
  plan(choices?: Choices): Promise<Planned>
  run(planned: Planned, skipped?: readonly StepId[]): Promise<Done>
  /** Takes back every step that was done, the last first. */
  takeBack(planned: Planned, steps: readonly StepProgress[]): Promise<string | null>
  /** Text of a shell command's stdout there, as root. */
  sh(command: string): Promise<string>
}

export interface Done {
  /** "id state" of each step. */
  readonly steps: readonly string[]
  readonly progress: readonly StepProgress[]
  readonly said: string
}

/** Of a lab whose laptop has its builder key. */
export async function handOn(lab: Lab): Promise<Hand> {
  const publicKeyLine = (await lab.runAsAlice(['cat', '/etc/nix/builder_key.pub'])).stdout.trim()
  const target: RepairTarget = {
    ...repairTarget(22),
    publicKeyLine,
    trustedKeys: lab.state.cacheKeys.filter((key) => key !== null),
  }
  const session = handSession(lab)
  const signal = new AbortController().signal
  const survey = async () => {
    const found = await surveyDesktop(
      session,
      { user: 'nix-builder', ports: { ssh: 22, cache: 5000 } },
      signal,
    )
    if (!found.ok) throw new Error(found.problem.raw)
    return found.value
  }
  return {
    survey,
    plan: async (choices = {}) => makePlan(await survey(), target, choices),
    async run(planned, skipped = []) {
      const end = await runSteps(session, planned, skipped, () => {}, signal)
      const steps = end.steps.map(({ id, state }) => `${id} ${state}`)
      const said = end.steps.map(({ id, output }) => `${id}: ${output}`).join('\n')
      return { steps, progress: end.steps, said: `${said}\n${end.problem?.raw ?? ''}` }
    },
    async takeBack({ codes }, steps) {
      const backs = steps.toReversed().flatMap(({ id, state, backup }) => {
        const code = codes.get(id)
        const back = code === undefined || state !== 'done' ? null : takeBackCode(code, backup)
        return back === null ? [] : [back]
      })
      const problem = await runCodes(session, 'desktop', '', backs)
      return problem === null ? null : `${problem.cause}: ${problem.raw}`
    },
    async sh(command) {
      return (await lab.onDesktop(['sh', '-c', command])).stdout
    },
  }
}

function handSession(lab: Lab): AdminSession {
  return {
    user: 'root',
    params: { host: 'desktop', port: 22, user: 'root' },
    giveSudoPassword: () => {},
    sudoPasswordWasWrong: () => false,
    execs: () => 0,
    close: async () => {},
    run: (program, _want, { onOutput, deadlineMs }) =>
      new Promise((resolve) => {
        const [file = '', ...argv] = desktopArgv(lab.state, 1, ['sh', '-s', '--', lab.addresses.laptop])
        const child = spawn(file, argv, { env: desktopEnv(), stdio: 'pipe' })
        const timer = setTimeout(() => child.kill('SIGKILL'), deadlineMs)
        let stdout = ''
        let stderr = ''
        child.stdout.on('data', (chunk: Buffer) => {
          stdout += chunk.toString('utf8')
          onOutput?.(chunk.toString('utf8'))
        })
        child.stderr.on('data', (chunk: Buffer) => {
          stderr += chunk.toString('utf8')
        })
        child.stdin.on('error', () => {}) // it may end before it has read all
        // stdin stays open: its end is the hanging up of the laptop.
        child.stdin.write(program)
        child.on('exit', (code) => {
          clearTimeout(timer)
          // What it said may be on its way still; what it left running holds the pipes for longer.
          const enough = setTimeout(() => {
            child.stdout.destroy()
            child.stderr.destroy()
          }, 5_000)
          child.on('close', () => {
            clearTimeout(enough)
            const rights = { kind: 'root', said: '' } as const
            resolve({ ok: true, value: { code, ended: 'exit', stdout, stderr, rights } })
          })
        })
      }),
  }
}
