// From needs to what is shown and done: the exact changes, the commands, the snippet for a NixOS laptop. Pure.
import { shellWord } from '../../shared/command.ts'
import type { AddressPlace, LaptopNeed, LaptopNeedId, LaptopPlan } from '../../shared/laptop-side.ts'
import { problem } from '../../shared/outcome.ts'
import type { FileChange } from '../../shared/repair.ts'
import { unifiedDiff } from '../repair/diff.ts'
import { type ClientFacts, clientSnippet } from '../repair/nixos/snippet.ts'
import { byHandOf } from './by-hand.ts'
import { editedTexts } from './edits.ts'
import { defaultKey, type Ground } from './ground.ts'
import { moveAddress } from './move.ts'
import { cacheOf, type Known, needsOf } from './needs.ts'
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
}

/** The plan for what was found and is known. Nothing is needed: no changes, no commands, no snippet. */
export function planLaptop(known: Known, ground: Ground): LaptopPlanned {
  const needs = needsOf(known, ground.seen)
  const moved = movedTexts(known, ground)
  const wants = (id: LaptopNeedId) => needs.some((need) => need.id === id && !need.unknown)
  const after = ground.nixos ? ground.texts : editedTexts(moved.texts, known, ground, wants)
  const placements = [...after].flatMap(([path, text]): readonly Placement[] => {
    const before = ground.texts.get(path) ?? null
    return text === null || text === before ? [] : [{ path, before, after: text }]
  })
  const makeKey = ground.nixos ? null : keyToMake(needs)
  const restart = placements.some(({ path }) => ground.confFiles.includes(path))
  const anything = placements.length > 0 || makeKey !== null
  const commands = [...(makeKey === null ? [] : [keygen(makeKey)]), ...(restart ? [restartDaemon] : [])]
  const plan: LaptopPlan = {
    host: known.host,
    user: known.user,
    needs,
    move: known.move === null ? null : { ...known.move, places: moved.places },
    nixos: ground.nixos,
    changes: placements.map(changeOf),
    commands,
    byHand: [...byHandOf(placements), ...commands.map((command) => `sudo ${command}`)],
    snippet: needs.length === 0 ? '' : clientSnippet(clientFacts(known, ground)),
    canApply: anything && ground.root !== 'none',
    cannot: anything && ground.root === 'none' ? problem('laptop.pkexec-missing') : null,
  }
  return { plan, placements, makeKey, restart }
}

const restartDaemon = 'systemctl restart nix-daemon'
const keygen = (path: string) => `ssh-keygen -q -t ed25519 -N '' -C builder -f ${shellWord(path)}`

function changeOf({ path, before, after }: Placement): FileChange {
  const diff = unifiedDiff(path, before === null ? null : shownText(before), shownText(after))
  return { path, diff }
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
