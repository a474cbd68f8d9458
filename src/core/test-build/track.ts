// Follows a test build through its stages: pure, one event after the other, with the times of the caller's clock.
import type { Stage, StageId } from '../../shared/test-build.ts'
import { stageIds } from '../../shared/test-build.ts'
import { activityType, type NixEvent, resultType } from './protocol.ts'

/** The activities whose end or progress means something, by id. */
type Role =
  | { readonly role: 'deciding' }
  | { readonly role: 'uploading' | 'downloading' }
  | { readonly role: 'copy'; readonly stage: 'upload' | 'download' }
  | { readonly role: 'build'; readonly drv: string }

/** How far a test build has come; never changed, only followed by the next one. */
export interface Track {
  readonly stages: readonly Stage[]
  readonly current: StageId
  /** When the current stage began, in ms of the caller's clock. */
  readonly since: number
  readonly roles: ReadonlyMap<string, Role>
  /** Bytes by copy activity: progress comes per path. */
  readonly copies: ReadonlyMap<string, { readonly done: number; readonly expected: number }>
  /** The store URI of the machine that took the build; null before one did. */
  readonly machine: string | null
  /** The URI that was last connected to, whether it took the build or not. */
  readonly tried: string | null
  /** Every URI that was connected to. */
  readonly allTried: readonly string[]
  /** What upload and download will carry, in bytes, where Nix itself does not say. */
  readonly expected: { readonly upload: number; readonly download: number }
}

/** A test build that begins `now` (ms); `expected`: the bytes of either way. */
export function startTrack(now: number, expected: Track['expected']): Track {
  const stages = stageIds.map(
    (id): Stage => ({ id, state: id === 'evaluate' ? 'running' : 'pending', ms: 0 }),
  )
  return {
    stages,
    current: 'evaluate',
    since: now,
    roles: new Map(),
    copies: new Map(),
    machine: null,
    tried: null,
    allTried: [],
    expected,
  }
}

/** The track after an event that came at `now` (ms); the very same object where the event says nothing of it. */
export function follow(track: Track, event: NixEvent, now: number): Track {
  switch (event.kind) {
    case 'start':
      return started(track, event, now)
    case 'stop':
      return stopped(track, event.id, now)
    case 'result':
      return event.type === resultType.progress ? progressed(track, event.id, event.fields, now) : track
    case 'message':
    case 'text':
    case 'unknown':
    case 'oversized':
      return track
    default:
      return event satisfies never
  }
}

/** Enters a stage; those before it are over. A build never goes back: an earlier stage leaves the track as it is. */
export function enter(track: Track, stage: StageId, now: number): Track {
  const to = stageIds.indexOf(stage)
  if (to <= stageIds.indexOf(track.current)) return track
  const stages = track.stages.map((one, index): Stage => {
    if (one.id === track.current) return { ...whole(one), state: 'done', ms: spent(track, now) }
    if (index === to) return { ...one, state: 'running', ms: 0 }
    return index < to && one.state === 'pending' ? { ...one, state: 'done' } : one
  })
  return { ...track, stages, current: stage, since: now }
}

/** The track at its end: the current stage done or failed, with its time. */
export function finish(track: Track, state: 'done' | 'failed', now: number): Track {
  const stages = track.stages.map((one): Stage => {
    if (one.id !== track.current) return one
    return { ...(state === 'done' ? whole(one) : one), state, ms: spent(track, now) }
  })
  return { ...track, stages }
}

/**
 * Back to the upload, where a build that never began turns out to have been one that could not be sent: with the bytes
 * that Nix told, or none where it tells none.
 */
export function backToUpload(track: Track): Track {
  if (track.current !== 'build') return track
  const ms = track.stages.find((one) => one.id === 'upload')?.ms ?? 0
  const stages = track.stages.map((one): Stage => {
    if (one.id === 'upload') return { id: 'upload', state: 'running', ms }
    return one.id === 'build' ? { id: 'build', state: 'pending', ms: 0 } : one
  })
  const back: Track = { ...track, stages, current: 'upload', since: track.since - ms }
  return track.copies.size > 0 ? counted(back) : back
}

/** The current stage, its time up to now. */
export function currentStage(track: Track, now: number): Stage {
  const stage = track.stages[stageIds.indexOf(track.current)]
  return { ...(stage ?? { id: track.current, state: 'running' }), ms: spent(track, now) }
}

function spent(track: Track, now: number): number {
  return Math.max(0, now - track.since)
}

/** A copy that ended went through whole, whatever the last progress said: Nix 2.8 sends none for small paths. */
function whole(stage: Stage): Stage {
  const { bytes } = stage
  return bytes === undefined ? stage : { ...stage, bytes: { done: bytes.expected, expected: bytes.expected } }
}

type Start = Extract<NixEvent, { kind: 'start' }>

function started(track: Track, event: Start, now: number): Track {
  switch (event.type) {
    case activityType.build:
      return buildStarted(track, event, now)
    case activityType.buildWaiting:
      return enter(track, 'wait', now)
    case activityType.copyPath:
      return copyStarted(track, event.id)
    case activityType.unknown:
      return described(track, event, now)
    default:
      return track
  }
}

/**
 * ssh-ng shows the desktop's own activity of the same derivation inside the outer one, with "" for its machine:
 * a machine once known stays.
 */
function buildStarted(track: Track, event: Start, now: number): Track {
  const [drv = '', machine = ''] = event.fields.map(String)
  const roles = with_(track.roles, event.id, { role: 'build', drv })
  const known = machine === '' ? track.machine : machine
  if (track.machine !== null || machine === '') return { ...track, roles, machine: known }
  return enter({ ...track, roles, machine: known, tried: known }, 'wait', now)
}

/** The stages that Nix tells only by an activity's text. */
function described(track: Track, event: Start, now: number): Track {
  const named =
    /^(connecting to|waiting for the upload lock to|copying dependencies to|copying outputs from) '(.+)'/.exec(
      event.text,
    )
  const uri = named?.[2] ?? null
  switch (named?.[1]) {
    case 'connecting to':
      return enter({ ...track, tried: uri, allTried: [...track.allTried, uri ?? ''] }, 'connect', now)
    case 'waiting for the upload lock to':
      return enter({ ...track, machine: track.machine ?? uri }, 'wait', now)
    case 'copying dependencies to':
      return moving(track, event.id, 'upload', now)
    case 'copying outputs from':
      return moving(track, event.id, 'download', now)
    default:
      return track
  }
}

function moving(track: Track, id: string, stage: 'upload' | 'download', now: number): Track {
  const role = stage === 'upload' ? 'uploading' : 'downloading'
  const roles = with_(track.roles, id, { role })
  return counted(enter({ ...track, roles, copies: new Map() }, stage, now))
}

function copyStarted(track: Track, id: string): Track {
  if (track.current !== 'upload' && track.current !== 'download') return track
  return { ...track, roles: with_(track.roles, id, { role: 'copy', stage: track.current }) }
}

function stopped(track: Track, id: string, now: number): Track {
  const role = track.roles.get(id)
  if (role === undefined) return track
  const roles = new Map(track.roles)
  roles.delete(id)
  return role.role === 'uploading' ? enter({ ...track, roles }, 'build', now) : { ...track, roles }
}

function progressed(track: Track, id: string, fields: readonly (string | number)[], _now: number): Track {
  const role = track.roles.get(id)
  if (role?.role !== 'copy' || role.stage !== track.current) return track
  const [done, expected] = fields
  if (typeof done !== 'number' || typeof expected !== 'number') return track
  return counted({ ...track, copies: with_(track.copies, id, { done, expected }) })
}

/** Puts the sum of the copies into the current stage. */
function counted(track: Track): Track {
  if (track.current !== 'upload' && track.current !== 'download') return track
  let done = 0
  let expected = 0
  for (const one of track.copies.values()) {
    done += one.done
    expected += one.expected
  }
  const bytes = { done, expected: Math.max(expected, done, track.expected[track.current]) }
  const stages = track.stages.map((one): Stage => (one.id === track.current ? { ...one, bytes } : one))
  return { ...track, stages }
}

/** The bytes of a link's counters, where Nix tells none itself. A payload is nearly all that its connection carries. */
export function measured(track: Track, link: { readonly sent: number; readonly received: number }): Track {
  if (track.copies.size > 0 || (track.current !== 'upload' && track.current !== 'download')) return track
  const expected = track.expected[track.current]
  const done = Math.min(expected, track.current === 'upload' ? link.sent : link.received)
  const stages = track.stages.map(
    (one): Stage => (one.id === track.current ? { ...one, bytes: { done, expected } } : one),
  )
  return { ...track, stages }
}

function with_<V>(map: ReadonlyMap<string, V>, key: string, value: V): ReadonlyMap<string, V> {
  return new Map(map).set(key, value)
}
