// Whose bytes are counted, in what `ss -tin` prints, and what they mean for a stage.
import { describe, expect, it } from 'vitest'
import { countBytes } from '../../../../src/core/test-build/link-meter.ts'
import { enter, follow, measured, startTrack } from '../../../../src/core/test-build/track.ts'

/** Two lines a connection, as iproute2 6.1 prints them, with much left out. */
const connection = (own: string, peer: string, acked: number, received: number) =>
  `0      316    ${own} ${peer}\n\t bbr wscale:10,10 rto:208 rtt:4.2/7.1 mss:1448 cwnd:18 bytes_sent:9999999 bytes_acked:${acked} bytes_received:${received} segs_out:13 app_limited\n`

describe('the bytes of a link', () => {
  it('are those of every new connection to the builder', () => {
    const text =
      connection('10.77.0.1:43368', '10.77.0.2:22', 3086, 2809) +
      connection('10.77.0.1:43370', '10.77.0.2:22', 100, 10)
    expect(countBytes(text, ['10.77.0.2'], new Set())).toEqual({ sent: 3186, received: 2819 })
  })

  it('are not those of connections that were there before, or lead elsewhere', () => {
    const text =
      connection('10.77.0.1:43368', '10.77.0.2:22', 3086, 2809) +
      connection('10.77.0.1:43370', '10.77.0.20:22', 100, 10)
    expect(countBytes(text, ['10.77.0.2'], new Set([43368]))).toEqual({ sent: 0, received: 0 })
  })

  it.each([
    ['an IPv6 address', '[fd00::5]:40000', '[fd00::5]:22', 'fd00::5'],
    ['a link-local one', '[fe80::2]%wlan0:40000', '[fe80::1]%wlan0:22', 'fe80::1'],
    ['an IPv4 address in a socket of IPv6', '[::ffff:10.0.0.1]:40000', '[::ffff:10.0.0.2]:22', '10.0.0.2'],
  ])('are found at %s', (_what, own, peer, host) => {
    expect(countBytes(connection(own, peer, 7, 5), [host], new Set())).toEqual({ sent: 7, received: 5 })
  })

  it('are none where nothing, or nothing known, is printed', () => {
    expect(countBytes('', ['10.0.0.2'], new Set())).toEqual({ sent: 0, received: 0 })
    expect(countBytes('Error: ipv4: no\n', ['10.0.0.2'], new Set())).toEqual({ sent: 0, received: 0 })
  })
})

describe('a stage', () => {
  const fresh = startTrack(0, { upload: 1000, download: 500 })
  const bytesIn = (track: typeof fresh, id: string) => track.stages.find((stage) => stage.id === id)?.bytes

  it('shows what was sent while uploading, what was received while downloading', () => {
    const up = measured(enter(fresh, 'upload', 1), { sent: 300, received: 20 })
    expect(bytesIn(up, 'upload')).toEqual({ done: 300, expected: 1000 })
    const down = measured(enter(up, 'download', 2), { sent: 1100, received: 220 })
    expect(bytesIn(down, 'download')).toEqual({ done: 220, expected: 500 })
  })

  it('never shows more than is expected: ssh adds a little of its own', () => {
    const up = measured(enter(fresh, 'upload', 1), { sent: 1070, received: 20 })
    expect(bytesIn(up, 'upload')).toEqual({ done: 1000, expected: 1000 })
  })

  it('leaves Nix’s own bytes alone where it tells them', () => {
    let track = follow(
      fresh,
      {
        kind: 'start',
        id: '1',
        parent: '0',
        level: 3,
        type: 0,
        text: "copying dependencies to 'ssh://d'",
        fields: [],
      },
      1,
    )
    track = follow(
      track,
      { kind: 'start', id: '2', parent: '1', level: 3, type: 100, text: '', fields: [] },
      2,
    )
    track = follow(track, { kind: 'result', id: '2', type: 105, fields: [40, 1000, 0, 0] }, 3)
    expect(measured(track, { sent: 900, received: 0 })).toBe(track)
  })
})
