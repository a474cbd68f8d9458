// How many builds run on each builder now, of any user's, without privilege: Nix locks a file per slot.
// Source: Nix's build-remote.cc: flock on STATE/current-load/<URI with / as _>-<slot>, held while the build runs.
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Builder } from './facts.ts'
import type { LaptopFiles } from './files.ts'
import { renderStoreUri } from './store-uri.ts'

export interface HeldLock {
  /** "fe:00", the device as /proc/locks names it. */
  readonly device: string
  readonly inode: number
}

/** Busy slots by builder id. One read of /proc/locks and one of the directory, however many builders there are. */
export async function readBusySlots(
  builders: readonly Pick<Builder, 'id' | 'uri' | 'maxJobs'>[],
  files: Pick<LaptopFiles, 'nixStateDir' | 'procLocks'>,
): Promise<ReadonlyMap<string, number>> {
  const directory = join(files.nixStateDir, 'current-load')
  const [names, locks] = await Promise.all([
    readdir(directory).catch(() => [] as string[]),
    readFile(files.procLocks, 'utf8').then(parseLocks, () => [] as readonly HeldLock[]),
  ])
  const slots = locks.length === 0 ? [] : names.flatMap((name) => parseSlotName(name) ?? [])
  const held = await heldSlots(slots, directory, locks)
  return new Map(builders.map((builder) => [builder.id, countFor(builder, held)]))
}

/** The write locks that are held (not only waited for) in the text of /proc/locks. */
export function parseLocks(text: string): readonly HeldLock[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\d+: FLOCK +\S+ +WRITE +-?\d+ +([0-9a-f]+:[0-9a-f]+):(\d+) /.exec(line)
    return match === null ? [] : [{ device: match[1] ?? '', inode: Number(match[2]) }]
  })
}

/** The name that Nix gives a builder's slots, before "-<n>": written as is until Nix 2.23, rendered anew since. */
export function slotPrefixes(uri: string): readonly string[] {
  return [...new Set([uri, renderStoreUri(uri)])].map((one) => one.replaceAll('/', '_'))
}

/** The builders whose slots these files of current-load are. */
export function builderIdsOfSlots(
  builders: readonly Pick<Builder, 'id' | 'uri'>[],
  files: readonly string[],
): readonly string[] {
  const prefixes = new Set(files.flatMap((file) => parseSlotName(file)?.prefix ?? []))
  return builders.filter(({ uri }) => slotPrefixes(uri).some((one) => prefixes.has(one))).map(({ id }) => id)
}

interface Slot {
  readonly name: string
  readonly prefix: string
  readonly slot: number
}

function parseSlotName(name: string): Slot | null {
  const match = /^(.*)-(\d{1,10})$/s.exec(name)
  return match === null ? null : { name, prefix: match[1] ?? '', slot: Number(match[2]) }
}

async function heldSlots(slots: readonly Slot[], directory: string, locks: readonly HeldLock[]) {
  const devices = new Set(locks.map((lock) => lock.device))
  const keys = new Set(locks.map((lock) => `${lock.device}:${lock.inode}`))
  const inodes = new Set(locks.map((lock) => lock.inode))
  const found = await Promise.all(
    slots.map(async (slot) => {
      const info = await stat(join(directory, slot.name)).catch(() => null)
      if (info === null) return []
      const device = deviceName(info.dev)
      // btrfs and overlays show stat another device than the kernel's lock table; then the inode alone must do.
      const held = devices.has(device) ? keys.has(`${device}:${info.ino}`) : inodes.has(info.ino)
      return held ? [slot] : []
    }),
  )
  return found.flat()
}

function countFor(builder: Pick<Builder, 'uri' | 'maxJobs'>, held: readonly Slot[]): number {
  const prefixes = slotPrefixes(builder.uri)
  return held.filter((slot) => slot.slot < builder.maxJobs && prefixes.includes(slot.prefix)).length
}

/** A device number as /proc/locks prints it: %02x:%02x of major and minor. */
export function deviceName(dev: number): string {
  const value = BigInt(dev)
  const major = ((value >> 8n) & 0xfffn) | ((value >> 32n) & 0xfffff000n)
  const minor = (value & 0xffn) | ((value >> 12n) & 0xffffff00n)
  return `${hex(major)}:${hex(minor)}`
}

function hex(value: bigint): string {
  return value.toString(16).padStart(2, '0')
}
