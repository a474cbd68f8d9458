// The engine on the real laptop and the real desktop.

import type { UndoKind } from '../../shared/guide.ts'
import { bad, good, type Outcome, type Problem, problem } from '../../shared/outcome.ts'
import type { StepProgress } from '../../shared/repair.ts'
import type { Config } from '../config/config.ts'
import { homeOf } from '../config/home.ts'
import type { AppPaths } from '../config/paths.ts'
import { askHostKey } from '../desktop/ask-host-key.ts'
import { knownKeysOf } from '../desktop/host-key.ts'
import { proveBuilder } from '../desktop/prove.ts'
import type { HostKeyVerdict } from '../desktop/results.ts'
import { knockTcp } from '../desktop/tcp.ts'
import { trustHostKey } from '../desktop/trust.ts'
import type { Cache, LaptopSource } from '../laptop/facts.ts'
import { laptopSide } from '../laptop-side/side.ts'
import { knownHostsFiles } from '../monitor/monitor.ts'
import type { AdminSession } from './admin-session.ts'
import { type Durations, durationsFile, withUsual } from './durations.ts'
import type { RepairEngine, RepairTarget } from './engine.ts'
import { adminUserOf, keyFilesOf } from './laptop-ways.ts'
import { makePlan, type Planned } from './plan.ts'
import { surveyReport } from './report.ts'
import { runCodes, runSteps } from './run.ts'
import { call, type StepCode, takeBackCode } from './sh.ts'
import { signInAsAdmin } from './sign-in.ts'
import { countAgentKeys } from './sign-in-ways.ts'
import type { PushedKey } from './steps/context.ts'
import { surveyDesktop } from './survey.ts'

export interface RealEngineOptions {
  readonly source: Pick<LaptopSource, 'survey' | 'sharedPaths'>
  readonly config: Pick<Config, 'adminUser'>
  readonly paths: Pick<AppPaths, 'knownHosts' | 'state'>
  readonly env: NodeJS.ProcessEnv
  readonly home?: string
  /** Proves by a real build that the desktop builds for this laptop; null: it passed. */
  readonly testBuild: RepairEngine['testBuild']
}

const knockMs = 5000
const proofMs = 15_000

/** The engine that the window and the command line use. */
export function realEngine(options: RealEngineOptions): RepairEngine {
  const home = options.home ?? homeOf(options.env)
  const durations = durationsFile(options.paths)
  let known: Durations = {}
  return {
    async find(builderId) {
      known = await durations.read()
      const target = await targetOf(options, home, builderId)
      if (!target.ok) return target
      const { builder } = target.value
      const knocked = await knockTcp(builder.address, knockMs)
      if (knocked.ok) return target
      const params = { ...knocked.problem.params, host: builder.host, port: builder.address.port }
      return { ok: false, problem: { ...knocked.problem, params } }
    },
    hostKey: lookAtHostKey,
    async trust(target, verdict) {
      const [file] = target.knownHosts
      if (file === undefined) return bad('laptop.file-unreadable', { file: 'known_hosts' })
      return trustHostKey(file, target.builder.address, verdict.offered)
    },
    ways: async () => ({ agentKeys: await countAgentKeys(options.env), keyFiles: await keyFilesOf(home) }),
    signIn: (target, user, how, ask, signal) => signInAsAdmin(target, user, how, ask, signal, options.env),
    survey: (session, { builder: { address }, cachePort }, signal) =>
      surveyDesktop(session, { user: address.user, ports: { ssh: address.port, cache: cachePort } }, signal),
    plan: (facts, target, choices) => {
      const planned = makePlan(facts, target, choices)
      return { ...planned, plan: withUsual(planned.plan, known) }
    },
    report: (facts, { builder: { host, address } }) => surveyReport(facts, { host, user: address.user }),
    async run(...all) {
      const end = await runSteps(...all)
      try {
        known = durations.add(known, end.steps)
      } catch {
        // A state folder that cannot be written costs an estimate, and nothing else: the repair's own end counts.
      }
      return end
    },
    undo,
    prove,
    testBuild: options.testBuild,
    laptop: laptopSide({
      source: options.source,
      knownHosts: knownHostsFiles(options.paths, home),
      env: options.env,
      home,
    }),
  }
}

async function targetOf(
  { source, config, paths, env }: RealEngineOptions,
  home: string,
  builderId: string,
): Promise<Outcome<RepairTarget>> {
  const survey = await source.survey()
  if (!survey.ok) return survey
  const { builders, keys, caches, settings } = survey.value
  const builder = builders.find((one) => [one.id, one.uri, one.host].includes(builderId))
  if (builder === undefined) return bad('laptop.no-builder', { host: builderId })
  const keyFile = keys.get(builder.id)
  const at = { host: builder.host, key: builder.keyPath ?? '/etc/nix/builder_key' }
  if (keyFile === undefined || keyFile.state !== 'present') return bad('laptop.builder-key-missing', at)
  if (keyFile.publicKeyLine === null) return bad('laptop.builder-pubkey-missing', at)
  return good({
    builder,
    keyFile,
    publicKeyLine: keyFile.publicKeyLine,
    cachePort: portOf(caches),
    trustedKeys: settings.trustedPublicKeys,
    ...guardOf(env),
    knownHosts: knownHostsFiles(paths, home),
    adminUser: config.adminUser ?? (await adminUserOf(builder, env)),
  })
}

/** A desktop that starts its network slowly may need longer than the default, and a test less. */
function guardOf(env: NodeJS.ProcessEnv): Pick<RepairTarget, 'guardSeconds'> {
  const guardSeconds = Number(env['OFFLOAD_REPAIR_GUARD_SECONDS'])
  return guardSeconds >= 5 && guardSeconds <= 3600 ? { guardSeconds: Math.round(guardSeconds) } : {}
}

/** Where the laptop asks for the desktop's cache; nix-serve's and harmonia's own port where it does not. */
function portOf([first]: readonly Cache[]): number {
  if (first === undefined) return 5000
  const { port, protocol } = new URL(first.url)
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

async function lookAtHostKey({ builder, knownHosts }: RepairTarget): Promise<Outcome<HostKeyVerdict>> {
  const { address, host, source } = builder
  const pinned =
    builder.hostKeyLine === null
      ? null
      : { line: builder.hostKeyLine, source: `${source.file}:${source.line}` }
  const keys = await knownKeysOf(address, pinned, knownHosts)
  return askHostKey(address, keys, { host, port: address.port, user: address.user })
}

async function prove({ builder, keyFile, knownHosts }: RepairTarget): Promise<Problem | null> {
  const { address, host, hostKeyLine, source } = builder
  const hostKeySource = `${source.file}:${source.line}`
  const proof = await proveBuilder(
    { address, displayHost: host, keyFile, hostKeyLine, hostKeySource, knownHosts },
    proofMs,
  )
  await proof.session?.close()
  if (proof.problem !== null) return proof.problem
  if (proof.key === 'accepted') return null
  return problem('ssh.key-refused', {
    host,
    port: address.port,
    user: address.user,
    key: keyFile.path,
  })
}

async function undo(
  session: AdminSession,
  planned: Planned,
  kind: UndoKind,
  steps: readonly StepProgress[],
): Promise<Outcome<void>> {
  const { key, plan } = planned
  const codes = kind === 'all' ? takeBackCodes(planned, steps) : aboutKey(key, kind, steps)
  if (codes === null) return bad('desktop.repair-failed', { host: plan.host, what: '?' })
  if (codes.length === 0) return good(undefined)
  const failed = await runCodes(session, plan.host, key?.file ?? '', codes)
  return failed === null ? good(undefined) : { ok: false, problem: failed }
}

function aboutKey(
  key: PushedKey | null,
  kind: 'remove-key' | 'restore',
  steps: readonly StepProgress[],
): readonly StepCode[] | null {
  if (key === null) return []
  const line = [key.file, key.type, key.blob, key.line]
  if (kind === 'remove-key')
    return [{ id: kind, check: call('lacks_line', line), run: [call('remove_line', line)], undo: [] }]
  const backup = steps.find((step) => step.id === 'push-key')?.backup
  if (backup === undefined) return null
  const files = [key.file, backup]
  return [{ id: kind, check: call('same_bytes', files), run: [call('restore_copy', files)], undo: [] }]
}

/** Every step that was done, the last first. */
function takeBackCodes({ codes }: Planned, steps: readonly StepProgress[]): readonly StepCode[] {
  const done = steps.filter(({ state }) => state === 'done').reverse()
  return done.flatMap(({ id, backup }) => {
    const code = codes.get(id)
    const back = code === undefined ? null : takeBackCode(code, backup)
    return back === null ? [] : [back]
  })
}
