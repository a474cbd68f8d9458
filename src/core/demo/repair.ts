// The demo's repair: an open simulation of the admin's part. Reachability, host key, trust and the proof of the key are
// real, against the server in this process; nobody signs in anywhere and no command runs.
import { setTimeout as sleep } from 'node:timers/promises'
import type { DemoFaultId } from '../../shared/demo-faults.ts'
import type { SignIn } from '../../shared/guide.ts'
import { bad, good, type Outcome } from '../../shared/outcome.ts'
import type { RepairStep, StepId } from '../../shared/repair.ts'
import { createProbeLimiter } from '../desktop/probe-limiter.ts'
import { proveBuilder } from '../desktop/prove.ts'
import type { SshProof } from '../desktop/results.ts'
import { trustHostKey } from '../desktop/trust.ts'
import type { LaptopSource } from '../laptop/facts.ts'
import type { AdminSession } from '../repair/admin-session.ts'
import type { Ask, RepairEngine, RepairTarget } from '../repair/engine.ts'
import { keyOf, makePlan } from '../repair/plan.ts'
import { surveyReport } from '../repair/report.ts'
import type { SurveyFacts } from '../repair/survey-facts.ts'
import { bareDesktop, type DemoDesktop, demoDesktopFacts, healthyDesktop } from './desktop-facts.ts'
import { demoLaptopSide } from './laptop-side.ts'
import { runDemoSteps } from './repair-run.ts'

type Rights = SurveyFacts['rights']

export interface DemoRepairWorld {
  readonly source: Pick<LaptopSource, 'survey'>
  readonly knownHosts: readonly string[]
  isOn(fault: DemoFaultId): boolean
  setFault(fault: DemoFaultId, on: boolean): Promise<void>
  readonly testBuild: RepairEngine['testBuild']
  /** How long a simulated answer takes, in ms. */
  readonly stepMs?: number
}

/** The password, and the sudo password, of the demo's admin: the window says so. */
export const demoPassword = 'demo'
const demoAdmin = 'admin'
const deadlineMs = 5_000
const cachePort = 5000
/** Of no key: nothing is signed with it. */
const demoCacheKey = `demo-desktop-1:${'A'.repeat(43)}=`

/** What each step brings about on the demo desktop. */
const effects: Readonly<Partial<Record<StepId, Partial<DemoDesktop>>>> = {
  'create-builder-user': { account: true },
  'push-key': { key: true },
  'trust-builder': { trusted: true },
  'make-cache-key': { cacheKey: true },
  'install-cache': { cacheUnit: true, cacheRuns: true },
  'start-cache': { cacheRuns: true },
  'open-firewall': { portOpen: true },
  'free-disk': { diskFree: true },
}

/** An engine that plans for real, for a desktop that is not there: no step of it runs. */
export function demoRepairEngine(world: DemoRepairWorld): RepairEngine {
  const stepMs = world.stepMs ?? 700
  const limiter = createProbeLimiter()
  let desktop = healthyDesktop
  let before = healthyDesktop
  /** What the switches say now, and of the rest what earlier steps brought about. */
  const look = () => {
    if (world.isOn('bare-desktop')) {
      if (desktop.account || desktop.cacheRuns) desktop = bareDesktop
      return desktop
    }
    const stopped = world.isOn('cache-stopped')
    const cacheRuns = !stopped || (desktop.cacheRuns && !desktop.portOpen)
    const portOpen = !stopped || desktop.portOpen
    desktop = { ...desktop, key: !world.isOn('key-refused'), cacheRuns, portOpen }
    return desktop
  }
  /** The other way round: the servers behave as the desktop now is. */
  const settle = async (next: DemoDesktop) => {
    desktop = next
    const bare = !next.account && !next.key && !next.cacheRuns
    await world.setFault('bare-desktop', bare)
    if (bare) return
    await world.setFault('key-refused', !next.key)
    await world.setFault('cache-stopped', !next.cacheRuns || !next.portOpen)
  }
  const proveTarget = (target: RepairTarget): Promise<SshProof> => {
    const { address, host, hostKeyLine } = target.builder
    const { keyFile, knownHosts } = target
    return proveBuilder({ address, displayHost: host, keyFile, hostKeyLine, knownHosts }, deadlineMs, limiter)
  }
  return {
    async find(builderId) {
      const survey = await world.source.survey()
      if (!survey.ok) return survey
      const { builders } = survey.value
      // A first desktop may be typed by any name: there is but this one.
      const builder = builderId.includes('://') ? builders.find((one) => one.id === builderId) : builders[0]
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
        cachePort,
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
    async survey(session, target, signal) {
      await pause(stepMs, signal)
      const wish = {
        user: target.builder.address.user,
        keyLine: keyOf(target)?.line ?? '',
        cacheKey: demoCacheKey,
      }
      return good(demoDesktopFacts(look(), wish, await rightsOf(session)))
    },
    plan: makePlan,
    report: (facts, { builder: { host, address } }) => surveyReport(facts, { host, user: address.user }),
    async run(_session, { plan }, skipped, onProgress, signal) {
      before = look()
      const done = async (step: RepairStep) => {
        if (step.commands.length > 0) await settle({ ...desktop, ...effects[step.id] })
      }
      return runDemoSteps({ plan, skipped, onProgress, signal, stepMs, done })
    },
    async undo(_session, _planned, kind) {
      await sleep(stepMs)
      await settle(kind === 'all' ? before : { ...desktop, key: false })
      return good(undefined)
    },
    async prove(target) {
      const proof = await proveTarget(target)
      if (proof.session !== null) await proof.session.close()
      return proof.problem
    },
    testBuild: world.testBuild,
    laptop: demoLaptopSide({ ...world, stepMs }),
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
