// The parser of internal-json: real streams and broken lines. Its speed is measured by bench/.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createParser } from '../../../../src/core/test-build/internal-json.ts'
import type { NixEvent } from '../../../../src/core/test-build/protocol.ts'

const folder = fileURLToPath(new URL('../../../fixtures/internal-json/', import.meta.url))
const streams = readdirSync(folder).map((name) => [name, readFileSync(`${folder}${name}`)] as const)

function parse(bytes: Buffer | string, limit?: number): NixEvent[] {
  const parser = createParser(limit)
  return [...parser.push(Buffer.from(bytes)), ...parser.end()]
}

describe('the parser', () => {
  it.each(streams)('reads every line of %s as Nix wrote it', (_name, bytes) => {
    const events = parse(bytes)
    const lines = bytes.toString().trimEnd().split('\n')
    expect(events).toHaveLength(lines.length)
    // What ssh itself says to the terminal stands between Nix's lines.
    const foreign = lines.filter((line) => !line.startsWith('@nix '))
    expect(events.filter((event) => event.kind === 'text').map((event) => event.text)).toEqual(foreign)
    expect(events.filter((event) => event.kind === 'unknown')).toEqual([])
  })

  it('reads a line that begins with many carriage returns, which another machine may send, at once', () => {
    const line = `${'\r'.repeat(50_000)}x@nix {"action":"stop","id":3}`
    expect(parse(line).map(({ kind }) => kind)).toEqual(['text', 'stop'])
  })

  it.each(streams)('gives the same events for %s however the bytes are cut', (_name, bytes) => {
    const whole = parse(bytes)
    for (const size of [1, 7, 1000]) {
      const parser = createParser()
      const events: NixEvent[] = []
      for (let at = 0; at < bytes.length; at += size)
        events.push(...parser.push(bytes.subarray(at, at + size)))
      events.push(...parser.end())
      expect(events).toEqual(whole)
    }
  })

  it('keeps every digit of an id beyond 2^53', () => {
    const json =
      '{"action":"start","fields":["\\"id\\":7"],"id":9223372036854775807,"level":3,"parent":9007199254740993,"text":"","type":105}'
    expect(parse(`@nix ${json}\n`)).toEqual([
      {
        kind: 'start',
        id: '9223372036854775807',
        parent: '9007199254740993',
        level: 3,
        type: 105,
        text: '',
        fields: ['"id":7'],
      },
    ])
  })

  it.each([
    ['an action nobody knows', '@nix {"action":"hug","id":1}', { kind: 'unknown', action: 'hug' }],
    [
      'a result type nobody knows',
      '@nix {"action":"result","fields":[1],"id":1,"type":999}',
      { kind: 'result', id: '1', type: 999, fields: [1] },
    ],
    [
      'an activity type nobody knows',
      '@nix {"action":"start","id":1,"level":0,"text":"x","type":999}',
      { kind: 'start', type: 999, parent: '0' },
    ],
    [
      'a field that is an object',
      '@nix {"action":"result","fields":[{"a":1}],"id":1,"type":105}',
      { fields: ['{"a":1}'] },
    ],
    ['no JSON', '@nix {"action":', { kind: 'text', text: '@nix {"action":' }],
    ['null', '@nix null', { kind: 'text' }],
    ['a list', '@nix []', { kind: 'text' }],
    [
      'a line of ssh',
      'Host key verification failed.',
      { kind: 'text', text: 'Host key verification failed.' },
    ],
    ['a colour before the prefix', '\u001b[0m\r@nix {"action":"stop","id":3}', { kind: 'stop', id: '3' }],
  ])('takes %s', (_what, line, event) => {
    expect(parse(`${line}\n`)).toEqual([expect.objectContaining(event)])
  })

  it('takes words without a line end and the message behind them apart', () => {
    expect(parse('warning: slow@nix {"action":"stop","id":3}\n')).toEqual([
      { kind: 'text', text: 'warning: slow' },
      { kind: 'stop', id: '3' },
    ])
  })

  it.each([
    '{"action":"result","fields":[1,],"id":1,"type":105}',
    '{"action":"result","fields":[],"id":1,"type":105}',
    '{"action":"result","fields":[-1,2.5,1e3],"id":1,"type":105}',
    '{"action":"result","fields":[12345678901234567890],"id":1,"type":105}',
    '{"action":"result","fields":[1],"id":,"type":105}',
    '{"action":"result","fields":[1],"id":1,"type":}',
    '{"action":"result","fields":[1],"id":1,"type":105}x',
    '{"action":"result","fields":[1],"id":1,"type":105,"more":1}',
    '{"action":"stop","id":}',
    '{"action":"stop","id":1}x',
    '{"action":"stop","id":1,"more":1}',
  ])('takes no short cut that JSON would not take: %s', (json) => {
    let wire: { fields?: unknown; action?: string } | null = null
    try {
      wire = JSON.parse(json)
    } catch {
      // Not JSON: then it is text.
    }
    const [event] = parse(`@nix ${json}\n`)
    expect(event?.kind).toBe(wire === null ? 'text' : wire.action)
    if (event?.kind === 'result') expect(event.fields).toEqual(wire?.fields)
  })

  it('reads bytes that are no UTF-8', () => {
    const line = Buffer.concat([
      Buffer.from('@nix {"action":"result","fields":["'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"],"id":1,"type":101}\n'),
    ])
    expect(parse(line)).toEqual([{ kind: 'result', id: '1', type: 101, fields: ['\ufffd\ufffd'] }])
  })

  it('reads a last line without its end', () => {
    expect(parse('@nix {"action":"stop","id":3}')).toEqual([{ kind: 'stop', id: '3' }])
  })

  it('keeps only the beginning of an endless line, and goes on after it', () => {
    const parser = createParser(1000)
    const events: NixEvent[] = []
    const chunk = Buffer.alloc(64 * 1024, 'x')
    for (let round = 0; round < 100; round += 1) events.push(...parser.push(chunk))
    expect(events).toEqual([])
    events.push(...parser.push(Buffer.from('\n@nix {"action":"stop","id":3}\n')))
    expect(events).toMatchObject([
      { kind: 'oversized', chars: 100 * chunk.length },
      { kind: 'stop', id: '3' },
    ])
    expect(events[0]?.kind === 'oversized' && events[0].head.length).toBeLessThanOrEqual(2000)
  })

  it('survives 10,000 mutated lines, and always finds the good line after them', () => {
    const lines = streams
      .flatMap(([, bytes]) => bytes.toString('latin1').split('\n'))
      .filter((line) => line !== '')
    const random = generator(42)
    const pick = (count: number) => Math.floor(random() * count)
    for (let round = 0; round < 10_000; round += 1) {
      const line = Buffer.from(lines[pick(lines.length)] ?? '', 'latin1')
      const mutated = mutate(line, pick)
      const parser = createParser(pick(2) === 0 ? 300 : undefined)
      const cut = pick(mutated.length + 1)
      const events = [
        ...parser.push(mutated.subarray(0, cut)),
        ...parser.push(mutated.subarray(cut)),
        ...parser.push(Buffer.from('\n@nix {"action":"stop","id":77}\n')),
      ]
      expect(events.at(-1)).toEqual({ kind: 'stop', id: '77' })
    }
  })
})

/** Flips, cuts, doubles or inserts bytes, line ends among them. */
function mutate(line: Buffer, pick: (count: number) => number): Buffer {
  const bytes = [...line]
  for (let times = 1 + pick(4); times > 0; times -= 1) {
    const at = pick(bytes.length + 1)
    const kind = pick(5)
    if (kind === 0) bytes[at] = pick(256)
    else if (kind === 1) bytes.splice(at, pick(20))
    else if (kind === 2) bytes.splice(at, 0, ...bytes.slice(at, at + pick(30)))
    else if (kind === 3) bytes.splice(at, 0, 10)
    else bytes.splice(at, 0, pick(256), 0, 255, 34, 92)
  }
  return Buffer.from(bytes.map((byte) => byte ?? 0))
}

/** mulberry32: the same sequence each time, so a failure comes again. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
