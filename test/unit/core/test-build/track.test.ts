// The stages, on real streams and on what only some versions send.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createParser } from '../../../../src/core/test-build/internal-json.ts'
import type { NixEvent } from '../../../../src/core/test-build/protocol.ts'
import {
  backToUpload,
  enter,
  finish,
  follow,
  startTrack,
  type Track,
} from '../../../../src/core/test-build/track.ts'
import { stageIds } from '../../../../src/shared/test-build.ts'

const folder = fileURLToPath(new URL('../../../fixtures/internal-json/', import.meta.url))
const eventsOf = (name: string) => createParser().push(readFileSync(`${folder}${name}.txt`))
const fresh = () => startTrack(0, { upload: 1000, download: 500 })

/** Every event one millisecond after the other; the stages in the order they began. */
function play(events: readonly NixEvent[]): { track: Track; order: readonly string[] } {
  let track = fresh()
  const order: string[] = [track.current]
  for (const [index, event] of events.entries()) {
    track = follow(track, event, index + 1)
    if (order.at(-1) !== track.current) order.push(track.current)
  }
  return { track, order }
}

const start = (
  id: string,
  type: number,
  text: string,
  fields: readonly (string | number)[] = [],
): NixEvent => ({
  kind: 'start',
  id,
  parent: '0',
  level: 3,
  type,
  text,
  fields,
})
/** Of the copy with the id 2. */
const progress = (done: number, expected: number): NixEvent => ({
  kind: 'result',
  id: '2',
  type: 105,
  fields: [done, expected, 0, 0],
})
const uri = 'ssh-ng://nix-builder@desktop'

describe('the stages of a recorded stream', () => {
  it.each([
    ['nix-2.8-ssh-ng-good', uri],
    ['nix-2.8-ssh-good', 'ssh://nix-builder@desktop'],
    ['nix-2.26-ssh-ng-good', 'ssh-ng://nix-builder@10.77.0.3'],
    ['nix-2.26-ssh-good', 'ssh://nix-builder@10.77.0.3'],
    ['nix-2.34-ssh-ng-good', uri],
    ['nix-2.34-ssh-good', 'ssh://nix-builder@desktop'],
  ])('%s passes through all of them, in order, and names %s', (name, machine) => {
    const { track, order } = play(eventsOf(name))
    expect(order).toEqual(stageIds.slice(0, -1))
    expect(track.machine).toBe(machine)
  })

  it.each([
    'nix-2.8-ssh-ng-refused',
    'nix-2.26-ssh-ng-refused',
    'nix-2.26-ssh-refused',
    'nix-2.8-ssh-refused',
    'nix-2.34-ssh-ng-refused',
    'nix-2.34-ssh-refused',
  ])('%s ends while connecting, and no machine took it', (name) => {
    const { track } = play(eventsOf(name))
    expect([track.current, track.machine]).toEqual(['connect', null])
    expect(track.tried).toMatch(/^ssh/)
  })

  it.each(['nix-2.34-ssh-ng-good', 'nix-2.34-ssh-good'])('%s tells the bytes of both ways', (name) => {
    const stages = play(eventsOf(name)).track.stages
    const moved = (id: string) => stages.find((stage) => stage.id === id)?.bytes
    // The payload and the proof, each with what a NAR adds to a file.
    expect(moved('upload')).toEqual({ done: 1_048_728, expected: 1_048_728 })
    expect(moved('download')).toEqual({ done: 1_048_784, expected: 1_048_784 })
  })

  it.each(['nix-2.34-ssh-ng-not-trusted', 'nix-2.34-ssh-not-trusted'])(
    '%s was taken by a machine, and never came back from it',
    (name) => {
      const { track, order } = play(eventsOf(name))
      expect(track.machine).toMatch(/^ssh/)
      expect(order).not.toContain('download')
    },
  )

  it.each(['nix-2.8-ssh-ng-good', 'nix-2.26-ssh-good'])('%s: the times add up to the whole', (name) => {
    const events = eventsOf(name)
    const { track } = play(events)
    const done = finish(enter(track, 'verify', events.length + 10), 'done', events.length + 15)
    expect(done.stages.reduce((sum, stage) => sum + stage.ms, 0)).toBe(events.length + 15)
    expect(done.stages.every((stage) => stage.state === 'done')).toBe(true)
  })
})

describe('a track', () => {
  it('never lets the desktop’s own inner activity overwrite the machine', () => {
    const outer = follow(fresh(), start('1', 105, '', ['/d.drv', uri, 1, 1]), 1)
    expect(follow(outer, start('2', 105, '', ['/d.drv', '', 1, 1]), 2).machine).toBe(uri)
  })

  it('counts bytes of all paths on their way, and of nothing else', () => {
    let track = follow(fresh(), start('1', 0, `copying dependencies to '${uri}'`), 1)
    track = follow(track, start('2', 100, ''), 2)
    track = follow(track, start('3', 100, ''), 2)
    track = follow(track, { kind: 'result', id: '2', type: 105, fields: [300, 2000, 0, 0] }, 3)
    track = follow(track, { kind: 'result', id: '3', type: 105, fields: [50, 100, 0, 0] }, 4)
    track = follow(track, { kind: 'result', id: '9', type: 105, fields: [9, 9, 0, 0] }, 5)
    expect(track.stages.find((stage) => stage.id === 'upload')?.bytes).toEqual({ done: 350, expected: 2100 })
  })

  it('never shows more bytes than there are to be', () => {
    let track = follow(fresh(), start('1', 0, `copying dependencies to '${uri}'`), 1)
    track = follow(track, start('2', 100, ''), 2)
    track = follow(track, { kind: 'result', id: '2', type: 105, fields: [3000, 2000, 0, 0] }, 3)
    expect(track.stages[3]?.bytes).toEqual({ done: 3000, expected: 3000 })
  })

  it('shows what is expected where Nix tells no bytes, and all of it once it is over', () => {
    let track = follow(fresh(), start('1', 0, `copying dependencies to '${uri}'`), 1)
    expect(track.stages[3]?.bytes).toEqual({ done: 0, expected: 1000 })
    track = follow(track, { kind: 'stop', id: '1' }, 2)
    expect(track.stages[3]).toMatchObject({ state: 'done', bytes: { done: 1000, expected: 1000 } })
  })

  it('never goes back', () => {
    const built = enter(fresh(), 'build', 5)
    expect(follow(built, start('1', 0, `connecting to '${uri}'`), 6).current).toBe('build')
  })

  it('returns to the upload when nothing was ever built', () => {
    let track = enter(enter(fresh(), 'upload', 10), 'build', 30)
    track = finish(backToUpload(track), 'failed', 31)
    expect(track.stages.map((stage) => stage.state).slice(3, 5)).toEqual(['failed', 'pending'])
    expect(track.stages[3]?.ms).toBe(21)
  })

  it.each([
    ['the bytes that Nix told', [progress(400, 2000)], { done: 400, expected: 2000 }],
    ['no bytes where Nix told none', [], undefined],
  ])('returns to the upload with %s', (_what, told, bytes) => {
    let track = follow(fresh(), start('1', 0, `copying dependencies to '${uri}'`), 1)
    track = [start('2', 100, ''), ...told].reduce((one, event) => follow(one, event, 2), track)
    track = follow(track, { kind: 'stop', id: '1' }, 3)
    expect(track.stages[3]?.bytes?.done).toBe(track.stages[3]?.bytes?.expected)
    expect(finish(backToUpload(track), 'failed', 4).stages[3]).toEqual({
      id: 'upload',
      state: 'failed',
      ms: 3,
      ...(bytes && { bytes }),
    })
  })

  it('is the very same object where an event says nothing of it', () => {
    const track = fresh()
    expect(follow(track, { kind: 'message', level: 0, text: 'x' }, 1)).toBe(track)
    expect(follow(track, { kind: 'stop', id: '9' }, 1)).toBe(track)
  })
})
