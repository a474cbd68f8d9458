// What a NixOS desktop needs in its own configuration: there, files that a step would change are made anew by each switch.
import { problem } from '../../shared/outcome.ts'
import type { StepId, Unmended } from '../../shared/repair.ts'
import type { Finding } from './diagnose.ts'
import { unitOf } from './diagnose-machine.ts'
import type { NixFile } from './nixos/edits.ts'
import { isRefused, type NixosMachine, type NixosWish, nixosMachine } from './nixos/machine.ts'
import { moduleText } from './nixos/module-text.ts'
import { serverSnippet } from './nixos/snippet.ts'
import { declaredUser } from './nixos-snippets.ts'
import type { Context } from './steps/context.ts'
import { leftEdits, settleEdits } from './steps/left-edits.ts'
import type { Made } from './steps/made.ts'
import { buildSystem, editNix, guardSeconds, placeModule, switchSystem, type Why } from './steps/nixos.ts'

export interface NixosPlan {
  readonly made: readonly Made[]
  readonly unmended: readonly Unmended[]
  /** What the small steps mend there as anywhere else. */
  readonly rest: readonly Finding[]
}

/** What only a configuration mends, whoever wrote it; alone worth importing the module for. */
const callsForModule: ReadonlySet<Finding['kind']> = new Set([
  'user-missing',
  'socket-closed',
  'not-trusted',
  'cache-missing',
  'cache-not-set-up',
])
/** What the module brings as well, where it is there to be corrected. */
const callsForSettings: ReadonlySet<Finding['kind']> = new Set([
  ...callsForModule,
  'shell',
  'locked',
  'declared',
  'no-file-read',
  'key',
  'ports-closed',
  'cache-unsigned',
  'sshd-not-enabled',
])
/** What a switch to the module's system mends on the way. */
const comesWithSwitch: ReadonlySet<Finding['kind']> = new Set([
  ...callsForSettings,
  'home',
  'folder-missing',
  'modes',
  'cache-down',
])

/** Sorts the findings: what the configuration has to mend, and what is left for the small steps. Pure. */
export function planNixos(findings: readonly Finding[], context: Context): NixosPlan {
  const { nixos } = context.facts.machine
  const left = nixos === null ? null : leftEdits(nixos)
  if (left === null) return planFiles(findings, context)
  const settle = settleEdits(left, context)
  // Taken back, the configuration is another one: the next look plans for that.
  if (settle.step.choice?.chosen === 'take-back') return { made: [settle], unmended: [], rest: [] }
  const plan = planFiles(findings, context, [settle])
  return { ...plan, made: [settle, ...plan.made] }
}

/** `before`: steps that come first, and are taken back with a system that is not kept. */
function planFiles(findings: readonly Finding[], context: Context, before: readonly Made[] = []): NixosPlan {
  const { facts } = context
  const { nixos } = facts.machine
  if (nixos === null || !findings.some(({ kind }) => callsForSettings.has(kind)))
    return withoutModule(findings, context)
  const machine = nixosMachine(nixos, wishOf(findings, context))
  if (machine === null) return unreadable(findings, context)
  const calls = machine.isImported ? callsForSettings : callsForModule
  if (!findings.some(({ kind }) => calls.has(kind))) return withoutModule(findings, context)
  if (isRefused(machine.edits.flake) || isRefused(machine.edits.configuration))
    return refused(machine, findings, context)
  const edits = editSteps(machine, findings, before, context)
  if (edits.length === 0 && inEffect(findings, context)) return withoutModule(findings, context)
  if (nixos.rebuild === '')
    return {
      made: [],
      unmended: [problem('desktop.not-switched', hostOf(context))],
      rest: kept(findings, context),
    }
  return {
    made: [...edits, ...switchSteps(machine, edits, before, context)],
    unmended: [],
    rest: kept(findings, context),
  }
}

const hostOf = ({ params }: Context) => ({ host: params.host })
/** What a switch does not mend. A key file that holds no key would stop the module's own unit, so it is one of them. */
function kept(findings: readonly Finding[], { facts }: Context): readonly Finding[] {
  const { kind, publicKey } = facts.machine.cache.key
  const invalid = kind === 'file' && publicKey === ''
  const others = findings.filter((one) => one.kind !== 'cache-key' && !comesWithSwitch.has(one.kind))
  return invalid ? [{ kind: 'cache-key', why: 'invalid' }, ...others] : others
}

function wishOf(findings: readonly Finding[], { target, facts, user, key }: Context): NixosWish {
  const { key: signing } = facts.machine.cache
  const name = signing.publicKey?.split(':')[0] ?? ''
  return {
    builderUser: user,
    cachePort: target.cachePort,
    authorizedKeys: key === null ? [] : [key.line.replace(/^restrict /, '')],
    keysAreMissing: findings.some(isAboutKey),
    cacheKey: signing.kind === 'file' && name !== '' ? { path: signing.path, name } : null,
  }
}

function isAboutKey({ kind }: Finding): boolean {
  return kind === 'key' || kind === 'declared' || kind === 'user-missing' || kind === 'no-file-read'
}

/** Whether the running system was built of a configuration with the module: then building it again mends nothing. */
function inEffect(findings: readonly Finding[], { facts }: Context): boolean {
  if (
    findings.some(({ kind }) => kind === 'user-missing' || kind === 'not-trusted' || kind === 'cache-missing')
  )
    return false
  const standsThere = facts.files.some(
    ({ path, kind }) => path.startsWith('/etc/ssh/authorized_keys.d/') && kind === 'file',
  )
  return unitOf(facts.machine, 'cache') !== null && (standsThere || !findings.some(isAboutKey))
}

function editSteps(
  machine: NixosMachine,
  findings: readonly Finding[],
  before: readonly Made[],
  context: Context,
): readonly Made[] {
  const { edits, flake, configuration, module } = machine
  const host = hostOf(context)
  const imports = { cause: 'desktop.module-not-imported', params: host } as const
  const settings = whyOfSettings(machine, findings, context)
  const made: Made[] = []
  const earlier = (): readonly StepId[] => [...before, ...made].map(({ step }) => step.id)
  if (module !== null)
    made.push(placeModule(module.path, module.before, moduleText['offload-server'], imports, earlier()))
  if (flake !== null && edits.flake?.kind === 'edited')
    made.push(editNix('import-module', flake, edits.flake.text, imports, earlier()))
  if (edits.configuration.kind === 'edited')
    made.push(editNix('set-module', configuration, edits.configuration.text, settings, earlier()))
  return made
}

function whyOfSettings({ isEnabled }: NixosMachine, findings: readonly Finding[], { params }: Context): Why {
  if (isEnabled && findings.some(isAboutKey)) return { cause: 'desktop.authorized-keys-missing', params }
  return { cause: 'desktop.module-not-enabled', params: { host: params.host } }
}

function switchSteps(
  machine: NixosMachine,
  edits: readonly Made[],
  before: readonly Made[],
  context: Context,
): readonly Made[] {
  const { reference } = machine
  const [first] = edits
  const why: Why =
    first === undefined
      ? { cause: 'desktop.not-switched', params: hostOf(context) }
      : { cause: first.step.cause, params: first.step.params }
  const ids = [...before, ...edits].map(({ step }) => step.id)
  const seconds = context.target.guardSeconds ?? guardSeconds
  const system = context.facts.machine.nixos?.system ?? ''
  return [
    buildSystem(reference, why, ids),
    switchSystem(reference, system, seconds, why, [...ids, 'build-system']),
  ]
}

/** Nothing is edited, and nothing is done that would need it: both texts are shown, each with its place. */
function refused(machine: NixosMachine, findings: readonly Finding[], context: Context): NixosPlan {
  const { edits, flake, configuration, modulePath } = machine
  const file = (one: NixFile) => ({ host: context.params.host, file: one.path })
  const unmended: Unmended[] = []
  if (flake !== null && isRefused(edits.flake)) {
    const { why, params, snippet, where } = edits.flake
    unmended.push({
      ...problem('desktop.nix-edit-refused', file(flake)),
      refusal: { why, params },
      snippet: `# ${modulePath} is nix/modules/offload-server.nix of Offload Tray\n${snippet}`,
      place: { path: flake.path, ...(where === null ? {} : { line: where.line }) },
    })
  }
  const edit = edits.configuration
  if (isRefused(edit))
    unmended.push({
      ...problem('desktop.nix-edit-refused', file(configuration)),
      refusal: { why: edit.why, params: edit.params },
      snippet: edit.snippet,
      place: { path: configuration.path, ...(edit.where === null ? {} : { line: edit.where.line }) },
    })
  else if (edit.kind === 'edited')
    unmended.push({
      ...problem('desktop.module-not-enabled', hostOf(context)),
      snippet: snippetOf(findings, context),
      place: { path: configuration.path },
    })
  return { made: [], unmended, rest: kept(findings, context) }
}

function snippetOf(findings: readonly Finding[], context: Context): string {
  const { cacheKey, builderUser, cachePort, authorizedKeys } = wishOf(findings, context)
  const options = { builderUser, cachePort, authorizedKeys }
  return serverSnippet({
    ...options,
    ...(cacheKey === null ? {} : { cacheKeyPath: cacheKey.path, keyName: cacheKey.name }),
  })
}

/** Files that may not be read, or that are no text: shown what to write, and nothing done. */
function unreadable(findings: readonly Finding[], context: Context): NixosPlan {
  const { nixos } = context.facts.machine
  const path = nixos?.flake.kind === 'missing' ? '/etc/nixos/configuration.nix' : (nixos?.flake.path ?? '')
  const one: Unmended = {
    ...problem('desktop.nix-edit-refused', { host: context.params.host, file: path }),
    snippet: snippetOf(findings, context),
    place: { path },
  }
  return { made: [], unmended: [one], rest: kept(findings, context) }
}

/** The configuration is somebody's own, or right: what it makes is told with a snippet, the rest mended as anywhere. */
function withoutModule(findings: readonly Finding[], context: Context): NixosPlan {
  const unmended: Unmended[] = []
  const rest: Finding[] = []
  for (const finding of findings) {
    const one = declared(finding, context)
    if (one === null) rest.push(finding)
    else unmended.push(one)
  }
  return { made: [], unmended, rest }
}

function declared(finding: Finding, { target, user, params }: Context): Unmended | null {
  const snippet = declaredUser(user, target.publicKeyLine)
  switch (finding.kind) {
    case 'user-missing':
      return { ...problem('desktop.builder-user-missing', params), snippet }
    case 'shell':
      return { ...problem('desktop.builder-shell', params), snippet }
    case 'locked':
      return { ...problem('desktop.builder-locked', params), snippet }
    default:
      return null
  }
}
