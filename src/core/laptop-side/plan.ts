// From needs to what is shown and done: the exact changes, the commands, the snippet for a NixOS laptop. Pure.

import type { AddressPlace, LaptopNeed, LaptopNeedId, LaptopPlan } from '../../shared/laptop-side.ts'
import { problem } from '../../shared/outcome.ts'
import type { FileChange } from '../../shared/repair.ts'
import { shellWord } from '../../shared/shell-word.ts'
import { withoutSecrets } from '../desktop/clean-text.ts'
import { fingerprintOf, parseKeyLine } from '../desktop/key-blob.ts'
import { knownHostName } from '../desktop/known-hosts.ts'
import { unifiedDiff } from '../repair/diff.ts'
import { type ClientFacts, clientSnippet } from '../repair/nixos/snippet.ts'
import { byHandOf } from './by-hand.ts'
import { editedTexts } from './edits.ts'
import { defaultKey, type Ground } from './ground.ts'
import { hostKeyColumn } from './machines-edit.ts'
import { moveAddress } from './move.ts'
import { cacheOf, type Known, needsOf } from './needs.ts'
import { type Renewed, renewHostKey } from './renew.ts'
import { shownText, type Texts } from './texts.ts'

/** A file to be written whole, if it still holds the bytes it was planned from. */
export interface Placement {
  readonly path: string
  /** Bytes as latin1; null: there is none. */
  readonly before: string | null
  readonly after: string
}

export interface LaptopPlanned {
  readonly plan: LaptopPlan
  readonly placements: readonly Placement[]
  /** The builder key to be made; null: none. */
  readonly makeKey: string | null
  /** nix-daemon reads nix.conf at its start only. */
  readonly restart: boolean
  /** The new key for root's own known_hosts, where that names another one; null: it is left alone. */
  readonly rootHost: RootHost | null
}

export interface RootHost {
  /** As ssh looks it up: "desktop", "[desktop]:2222". */
  readonly name: string
  /** "ssh-ed25519 AAAA…" */
  readonly key: string
}

/** The plan for what was found and is known. Nothing is needed: no changes, no commands, no snippet. */
export function planLaptop(known: Known, ground: Ground): LaptopPlanned {
  const moved = movedTexts(known, ground)
  const renewed = renewHostKey(moved.texts, known, ground)
  const needs = needsOf(known, ground.seen, renewed)
  const wants = (id: LaptopNeedId) => needs.some((need) => need.id === id && !need.unknown)
  const after = ground.nixos ? ground.texts : editedTexts(renewed.texts, known, ground, wants)
  const placements = [...after].flatMap(([path, text]): readonly Placement[] => {
    const before = ground.texts.get(path) ?? null
    return text === null || text === before || ground.told.has(path) ? [] : [{ path, before, after: text }]
  })
  const makeKey = ground.nixos ? null : keyToMake(needs)
  const restart = placements.some(({ path }) => ground.confFiles.includes(path))
  const rootHost = needs.some((need) => need.id === 'root-known-hosts') ? rootHostOf(known) : null
  const anything = placements.length > 0 || makeKey !== null || rootHost !== null
  const commands = [
    ...(makeKey === null ? [] : [keygen(makeKey)]),
    ...(rootHost === null ? [] : renewOfRoot(rootHost)),
    ...(restart ? [restartDaemon] : []),
  ]
  const plan: LaptopPlan = {
    host: known.host,
    user: known.user,
    needs,
    move: known.move === null ? null : { ...known.move, places: moved.places },
    ...hostKeyChange(known, renewed),
    nixos: ground.nixos,
    changes: placements.map(changeOf),
    commands,
    byHand: [...byHandOf(placements), ...commands.map(asAdmin)],
    snippet: needs.length === 0 ? '' : snippetOf(known, ground, renewed),
    canApply: anything && ground.root !== 'none',
    cannot: anything && ground.root === 'none' ? problem('laptop.pkexec-missing') : null,
  }
  return { plan, placements, makeKey, restart, rootHost }
}

const restartDaemon = 'systemctl restart nix-daemon'
const keygen = (path: string) => `ssh-keygen -q -t ed25519 -N '' -C builder -f ${shellWord(path)}`

const rootFile = '/root/.ssh/known_hosts'
/** What the program does there, as commands. */
const renewOfRoot = ({ name, key }: RootHost) => [
  `ssh-keygen -R ${shellWord(name)} -f ${rootFile}`,
  `echo ${shellWord(`${name} ${key}`)} >>${rootFile}`,
]

/** A redirection is the shell's that says it, so it needs a root of its own. */
function asAdmin(command: string): string {
  const [, said, file] = /^(echo .*) >>(\S+)$/.exec(command) ?? []
  return said === undefined ? `sudo ${command}` : `${said} | sudo tee -a ${file}`
}

function rootHostOf({ builder, hostKeyLine }: Known): RootHost | null {
  const key = hostKeyLine === null ? null : parseKeyLine(hostKeyLine)
  if (builder === null || key === null) return null
  return { name: knownHostName(builder.address), key: `${key.type} ${key.blob.toString('base64')}` }
}

function hostKeyChange(
  { renewal, hostKeyLine }: Known,
  { from, places }: Renewed,
): Pick<LaptopPlan, 'hostKey'> {
  if (renewal !== undefined)
    return { hostKey: { ...renewal, from: [...new Set([...renewal.from, ...from])], places } }
  const key = hostKeyLine === null ? null : parseKeyLine(hostKeyLine)
  if (key === null || from.length === 0) return {}
  return { hostKey: { from, to: fingerprintOf(key.blob), accepted: true, places } }
}

/** The module's lines; behind them, for whoever writes the rows without it, what they hold of the key. */
function snippetOf(known: Known, ground: Ground, { from }: Renewed): string {
  const snippet = clientSnippet(clientFacts(known, ground))
  const host = rootHostOf(known)
  if (host === null || (from.length === 0 && known.renewal === undefined)) return snippet
  return `${snippet}
# Without that module: in nix.buildMachines, and for ssh
#   publicHostKey = "${hostKeyColumn(host.key)}";
#   programs.ssh.knownHosts."${host.name}".publicKey = "${host.key}";
`
}

function changeOf({ path, before, after }: Placement): FileChange {
  const diff = unifiedDiff(path, before === null ? null : shownText(before), shownText(after))
  // Lines beside a change may hold a cache's password.
  return { path, diff: withoutSecrets(diff) }
}

function movedTexts({ move }: Known, ground: Ground): { texts: Texts; places: readonly AddressPlace[] } {
  if (move === null) return { texts: ground.texts, places: [] }
  const ours = (file: string) => !ground.nixos && !ground.told.has(file)
  return moveAddress(ground.texts, ground.kinds, move.from, move.to, ours)
}

/** Also beside a first row, whose key may be missing as well: then the guide makes it, so it is no need of its own. */
function keyToMake(needs: readonly LaptopNeed[]): string | null {
  const path = needs.find((need) => need.id === 'builder-key')?.params['key']
  // Nix's own ssh understands ~, our shell is given data.
  return typeof path === 'string' && path.startsWith('/') ? path : null
}

/** What the module is told; what equals its defaults is left out there. */
function clientFacts(known: Known, { seen }: Ground): ClientFacts {
  const { builder, move } = known
  const { facts } = seen
  const cache = cacheOf(facts, known)
  const trusted = facts.settings.trustedPublicKeys.filter((line) => !line.startsWith('cache.nixos.org-'))
  const cachePort = cache !== null && URL.canParse(cache.url) ? Number(new URL(cache.url).port || 80) : 5000
  return {
    host: move?.to ?? known.host,
    sshPort: builder?.address.port ?? 22,
    builderUser: known.user,
    sshKey: builder?.keyPath ?? defaultKey,
    hostKey: known.hostKeyLine ?? builder?.hostKeyLine ?? null,
    cachePublicKey: known.cacheKey ?? (trusted.length === 1 ? (trusted[0] ?? null) : null),
    cachePort,
    ...(builder === null
      ? {}
      : {
          systems: builder.systems.join() === facts.settings.system ? [] : builder.systems,
          maxJobs: builder.maxJobs,
          speedFactor: builder.speedFactor,
          supportedFeatures: builder.supportedFeatures,
        }),
  }
}
