// The demo's laptop: its needs are planned for real from its pretended facts; a yes changes no file and only ends faults.
import { setTimeout as sleep } from 'node:timers/promises'
import type { DemoFaultId } from '../../shared/demo-faults.ts'
import type { LaptopNeedId, LaptopWish } from '../../shared/laptop-side.ts'
import { bad, good } from '../../shared/outcome.ts'
import { askHostKey } from '../desktop/ask-host-key.ts'
import { knownKeysOf } from '../desktop/host-key.ts'
import type { LaptopFacts, LaptopSource } from '../laptop/facts.ts'
import type { Ground } from '../laptop-side/ground.ts'
import { hostKeyColumn } from '../laptop-side/machines-edit.ts'
import { type Known, nameOf } from '../laptop-side/needs.ts'
import { type LaptopPlanned, planLaptop } from '../laptop-side/plan.ts'
import type { LaptopSide } from '../laptop-side/side.ts'

interface World {
  readonly source: Pick<LaptopSource, 'survey'>
  isOn(fault: DemoFaultId): boolean
  setFault(fault: DemoFaultId, on: boolean): Promise<void>
  readonly stepMs: number
}

/** Which switches each need comes from. */
const faultsOf: Readonly<Partial<Record<LaptopNeedId, readonly DemoFaultId[]>>> = {
  'builder-row': ['no-builder'],
  'builder-key': ['builder-key-missing'],
  'distributed-builds': ['distributed-builds-off'],
  substituter: ['no-substituter'],
  'cache-key': ['cache-key-unknown'],
  'cache-key-renewed': ['cache-key-regenerated'],
  fallback: ['fallback-off'],
  'renew-host-key': ['host-key-changed'],
}

const nixConf = '/etc/nix/nix.conf'
const machines = '/etc/nix/machines'
const sshConfig = '/etc/ssh/ssh_config'
/** Of no key: nothing is signed with it. */
const demoKey = 'A'.repeat(43)

/** A laptop without files. */
export function demoLaptopSide(world: World): LaptopSide {
  let ended: readonly DemoFaultId[] = []
  return {
    async needs(wish) {
      const survey = await world.source.survey()
      if (!survey.ok) return survey
      await sleep(world.stepMs)
      const known = demoKnown(wish, survey.value, world)
      const renewed = { ...known, ...(await newHostKey(wish, known)) }
      return good(planLaptop(renewed, demoGround(survey.value)))
    },
    async apply(planned, signal) {
      await sleep(world.stepMs)
      if (signal.aborted) return bad('laptop.pkexec-refused')
      ended = faultsEndedBy(planned, world)
      for (const fault of ended) await world.setFault(fault, false)
      const placed = planned.placements.map(({ path }) => ({
        path,
        backup: `${path}.offload-backup-demo`,
        sha256: '',
      }))
      return good({ placed, restart: planned.restart, restartNeeded: false })
    },
    async undo() {
      await sleep(world.stepMs)
      for (const fault of ended) await world.setFault(fault, true)
      return good(undefined)
    },
  }
}

/** Each row in the line where it stands. */
function rowsOf({ builders }: LaptopFacts): string {
  return builders
    .map(
      ({ uri, hostKeyLine }) =>
        `${uri} - - 4 1 - - ${hostKeyLine === null ? '-' : hostKeyColumn(hostKeyLine)}\n`,
    )
    .join('')
}

function faultsEndedBy({ plan }: LaptopPlanned, { isOn }: World): readonly DemoFaultId[] {
  const needs = plan.needs.filter((need) => !need.unknown)
  return needs.flatMap((need) => faultsOf[need.id] ?? []).filter((fault) => isOn(fault))
}

function demoKnown({ builder: id, first, cacheKey }: LaptopWish, facts: LaptopFacts, world: World): Known {
  const builder =
    facts.builders.find((one) => [one.id, one.host].includes(id ?? '')) ?? facts.builders[0] ?? null
  const name = nameOf(facts.settings.trustedPublicKeys.at(-1) ?? '')
  const ownKey = world.isOn('cache-key-regenerated')
    ? `${name}:${demoKey}=`
    : world.isOn('cache-key-unknown')
      ? `another-desktop-1:${demoKey}=`
      : null
  return {
    host: builder?.host ?? first?.host ?? '',
    user: builder?.address.user ?? first?.user ?? '',
    builder,
    hostKeyLine: builder?.hostKeyLine ?? null,
    onlyAppTrusts: false,
    cacheKey: cacheKey ?? ownKey,
    cacheAnswers: true,
    signatureRefused: false,
    move: null,
  }
}

/** The other key that the demo's desktop shows, where the person took exactly that one. */
async function newHostKey({ hostKey, scope }: LaptopWish, { builder }: Known): Promise<Partial<Known>> {
  const only = scope === 'host-key' ? { hostKeyOnly: true } : {}
  const line = builder?.hostKeyLine ?? null
  if (hostKey === undefined || builder === null || line === null) return only
  const keys = await knownKeysOf(builder.address, { line, source: machines }, [])
  const asked = await askHostKey(builder.address, keys, { host: builder.host })
  if (!asked.ok || asked.value.state !== 'changed') return only
  const { offered, expected } = asked.value
  const accepted = offered.fingerprint === hostKey
  const renewal = { from: expected.map(({ fingerprint }) => fingerprint), to: offered.fingerprint, accepted }
  const taken = accepted ? `${offered.type} ${offered.blob.toString('base64')}` : null
  return { ...only, hostKeyLine: taken, renewal }
}

/** nix.conf as it would read. */
function demoGround(facts: LaptopFacts): Ground {
  const { settings } = facts
  const text = [
    `builders =${settings.builders === '' ? '' : ` ${settings.builders}`}`,
    `substituters = ${settings.substituters.join(' ')}`,
    `trusted-public-keys = ${settings.trustedPublicKeys.join(' ')}`,
    `fallback = ${settings.fallback}`,
    '',
  ].join('\n')
  return {
    seen: { facts, connectTimeout: '5', sshGivesUp: true },
    texts: new Map([
      [nixConf, text],
      [machines, rowsOf(facts)],
    ]),
    kinds: new Map(),
    told: new Set(),
    confFiles: [nixConf],
    nixConf,
    machines,
    sshConfig,
    knownHosts: [],
    sshFiles: [],
    nixos: false,
    root: 'pkexec',
  }
}
