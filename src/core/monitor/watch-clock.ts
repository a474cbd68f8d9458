// Notices from a slow timer what no event tells: the network became another one, or the machine slept.
import { networkInterfaces } from 'node:os'

/** Between two looks, in ms. A look costs some 0.1 ms. */
const everyMs = 10_000
/** Wall time that ran ahead of the monotonic clock (which stands still in sleep) by more than this is sleep, in ms. */
const jumpMs = 5000

export interface Senses {
  readonly addresses: () => string
  /** ms since 1970 */
  readonly wall: () => number
  /** ms, standing still while the machine sleeps */
  readonly monotonic: () => number
}

const realSenses: Senses = {
  addresses: () => addressesText(networkInterfaces()),
  wall: () => Date.now(),
  monotonic: () => performance.now(),
}

export interface Noticed {
  readonly network: boolean
  readonly slept: boolean
  /** The wall clock was set back: what was seen before now seems to come from the future, and would not age. */
  readonly setBack: boolean
}

/** Compares with the last look; the first one only remembers. */
export function createNoticer(senses: Senses): () => Noticed {
  let addresses = senses.addresses()
  let offset = senses.wall() - senses.monotonic()
  return () => {
    const nowAddresses = senses.addresses()
    const nowOffset = senses.wall() - senses.monotonic()
    const noticed = {
      network: nowAddresses !== addresses,
      slept: nowOffset - offset > jumpMs,
      setBack: offset - nowOffset > jumpMs,
    }
    addresses = nowAddresses
    offset = nowOffset
    return noticed
  }
}

/** Looks every ten seconds and tells; returns how to stop. */
export function watchClock(tell: (noticed: Noticed) => void, senses: Senses = realSenses): () => void {
  const look = createNoticer(senses)
  const timer = setInterval(() => tell(look()), everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** The addresses that lead out of this machine, as one comparable text. */
export function addressesText(
  interfaces: NodeJS.Dict<readonly { address: string; internal: boolean }[]>,
): string {
  return Object.entries(interfaces)
    .flatMap(([name, all]) =>
      (all ?? []).filter((one) => !one.internal).map((one) => `${name} ${one.address}`),
    )
    .sort()
    .join('\n')
}
