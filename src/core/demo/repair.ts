// The demo's repair: an open simulation of the admin's part. Reachability, host key, trust and the proof of the key are
// real, against the server in this process; nobody signs in anywhere and no command runs.
import { setTimeout as sleep } from 'node:timers/promises'
import { bad, good, type Outcome } from '../../shared/outcome.ts'
import type { RepairStep, SignIn, StepProgress } from '../../shared/repair.ts'
import { createProbeLimiter } from '../desktop/probe-limiter.ts'
import { proveBuilder } from '../desktop/prove.ts'
import type { SshProof } from '../desktop/results.ts'
import { trustHostKey } from '../desktop/trust.ts'
import type { LaptopSource } from '../laptop/facts.ts'
import type { AdminSession } from '../repair/admin-session.ts'
import type { Ask, RepairEngine, RepairTarget } from '../repair/engine.ts'
import type { Planned } from '../repair/plan.ts'
import type { SurveyFacts } from '../repair/survey-facts.ts'

type Rights = SurveyFacts['rights']

export interface DemoRepairWorld {
  readonly source: Pick<LaptopSource, 'survey'>
  readonly knownHosts: readonly string[]
  isRefused(): boolean
  setRefused(refused: boolean): Promise<void>
  readonly testBuild: RepairEngine['testBuild']
  /** How long a simulated answer takes, in ms. */
  readonly stepMs?: number
}

/** The password, and the sudo password, of the demo's admin: the window says so. */
export const demoPassword = 'demo'
const demoAdmin = 'admin'
const deadlineMs = 5_000

/** An engine that mends the one fault a push of the key mends (key-refused). */
export function demoRepairEngine(world: DemoRepairWorld): RepairEngine {
  const stepMs = world.stepMs ?? 700
  const limiter = createProbeLimiter()
  const proveTarget = (target: RepairTarget): Promise<SshProof> => {
    const { address, host, hostKeyLine } = target.builder
    const { keyFile, knownHosts } = target
    return proveBuilder({ address, displayHost: host, keyFile, hostKeyLine, knownHosts }, deadlineMs, limiter)
  }
  return {
    async find(builderId) {
      const survey = await world.source.survey()
      if (!survey.ok) return survey
      const builder = survey.value.builders.find((one) => one.id === builderId)
      if (builder === undefined) return bad('laptop.no-builder', { host: builderId })
      const keyFile = survey.value.keys.get(builder.id)
      if (keyFile?.state !== 'present' || keyFile.publicKeyLine === null)
        return bad('laptop.builder-key-missing', { host: builder.host, key: builder.keyPath ?? '' })
      const { knownHosts } = world
      const publicKeyLine = keyFile.publicKeyLine
      return good({
        builder,
        keyFile,
        publicKeyLine,
        cachePort: 5000,
        trustedKeys: [],
        knownHosts,
        adminUser: demoAdmin,
      })
    },
    async hostKey(target) {
      const proof = await proveTarget(target)
      if (proof.session !== null) await proof.session.close()
      if (proof.hostKey !== null) return good(proof.hostKey)
      return proof.problem === null
        ? bad('net.timeout', { host: target.builder.host })
        : { ok: false, problem: proof.problem }
    },
    async trust(target, verdict) {
      const [file] = target.knownHosts
      if (file === undefined) return bad('laptop.file-unreadable', { file: 'known_hosts' })
      return trustHostKey(file, target.builder.address, verdict.offered)
    },
    ways: async () => ({ agentKeys: 0, keyFiles: ['~/.ssh/id_ed25519'] }),
    async signIn(target, user, how, ask, signal) {
      await pause(stepMs, signal)
      const { host, address } = target.builder
      if (await isAdmitted(how, ask)) return good(demoSession(user))
      return bad('ssh.sign-in-refused', { host, port: address.port, user })
    },
    async survey(session, _target, signal) {
      await pause(stepMs, signal)
      const rights = await rightsOf(session)
      // The demo plans by its faults: nothing else of the facts is read.
      return good({ rights } as SurveyFacts)
    },
    plan(_facts, target) {
      const { id, host } = target.builder
      const steps = world.isRefused() ? demoSteps(target) : []
      return { plan: { builder: id, host, steps, unmended: [], partial: false } } as unknown as Planned
    },
    async run(_session, { plan }, skipped, onProgress, signal) {
      let steps: readonly StepProgress[] = plan.steps.map(({ id }) => ({
        id,
        state: 'pending',
        output: '',
        ms: 0,
      }))
      const put = (id: string, change: Partial<StepProgress>) => {
        steps = steps.map((step) => (step.id === id ? { ...step, ...change } : step))
        onProgress(steps)
      }
      for (const { id } of plan.steps) {
        if (signal.aborted) return { steps, problem: null, cancelled: true }
        if (skipped.includes(id)) {
          put(id, { state: 'skipped' })
          continue
        }
        put(id, { state: 'running' })
        await sleep(stepMs)
        if (id === 'push-key') await world.setRefused(false)
        put(id, { state: 'done', ms: stepMs, output: `demo: nothing ran on any machine (${id})` })
      }
      return { steps, problem: null, cancelled: signal.aborted }
    },
    async undo() {
      await sleep(stepMs)
      await world.setRefused(true)
      return good(undefined)
    },
    async prove(target) {
      const proof = await proveTarget(target)
      if (proof.session !== null) await proof.session.close()
      return proof.problem
    },
    testBuild: world.testBuild,
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}

async function isAdmitted(how: SignIn, ask: Ask): Promise<boolean> {
  switch (how.kind) {
    case 'agent':
      return false
    case 'key-file':
      return true
    case 'password':
      return how.password === demoPassword
    case 'keyboard-interactive': {
      const answers = await ask({
        title: 'demo-desktop',
        instructions: 'A simulated question with two prompts.',
        prompts: [
          { text: 'Password: ', echo: false },
          { text: 'Any code: ', echo: true },
        ],
      })
      return answers?.[0] === demoPassword
    }
    default:
      return how satisfies never
  }
}

const rightsByPassword = new WeakMap<AdminSession, Rights>()

async function rightsOf(session: AdminSession): Promise<Rights> {
  return rightsByPassword.get(session) ?? { kind: 'needs-password', said: '' }
}

function demoSession(user: string): AdminSession {
  let wrong = false
  const session: AdminSession = {
    user,
    params: {},
    run: async (): Promise<Outcome<never>> => bad('desktop.repair-failed', { host: 'demo', what: 'demo' }),
    giveSudoPassword: (password) => {
      wrong = password !== demoPassword
      if (!wrong) rightsByPassword.set(session, { kind: 'sudo-password', said: '' })
    },
    sudoPasswordWasWrong: () => wrong,
    execs: () => 0,
    close: async () => undefined,
  }
  return session
}

function demoSteps(target: RepairTarget): readonly RepairStep[] {
  const { host, address } = target.builder
  const { user } = address
  const file = `/home/${user}/.ssh/authorized_keys`
  const shared = { where: 'desktop', needsAdmin: true, needsRoot: true } as const
  const params = { host, user }
  return [
    {
      ...shared,
      id: 'create-ssh-folder',
      cause: 'desktop.authorized-keys-missing',
      params,
      commands: [
        `install -d -m 0700 -o ${user} -g ${user} /home/${user}/.ssh`,
        `restorecon /home/${user}/.ssh`,
      ],
      changes: [],
      risk: 'none',
    },
    {
      ...shared,
      id: 'push-key',
      cause: 'desktop.authorized-keys-missing',
      params,
      commands: [`printf '%s\\n' 'restrict ${target.publicKeyLine}' >> ${file}`],
      changes: [
        {
          path: file,
          diff: `--- /dev/null\n+++ ${file}\n@@ -0,0 +1 @@\n+restrict ${target.publicKeyLine}\n`,
          owner: { from: 'missing', to: `${user}:${user} 0600` },
        },
      ],
      risk: 'low',
    },
  ]
}
