// Busy slots, with locks that a real process holds.
import { spawn } from 'node:child_process'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  builderIdsOfSlots,
  deviceName,
  parseLocks,
  readBusySlots,
  slotPrefixes,
} from '../../../../src/core/laptop/busy-slots.ts'
import { tree } from './tree.ts'

const builder = (uri: string, maxJobs: number) => ({ id: uri, uri, maxJobs })

/** A process that holds flock(2) on a file until the test ends; resolves once it does. */
async function hold(file: string): Promise<void> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        holder.on('exit', () => resolve())
        holder.stdin.end()
      }),
  )
  await new Promise<void>((resolve) => holder.stdout.once('data', () => resolve()))
}

describe('busy slots', () => {
  it('are the locked files of a builder', async () => {
    const root = await tree()
    await mkdir(join(root, 'current-load'))
    const names = [0, 1, 2, 3].map((slot) => join(root, 'current-load', `ssh-ng:__b@desktop-${slot}`))
    for (const name of [...names, join(root, 'current-load/ssh-ng:__b@desktop-2-0')])
      await writeFile(name, '')
    await hold(names[1] ?? '')
    await hold(names[3] ?? '')
    await hold(join(root, 'current-load/ssh-ng:__b@desktop-2-0'))
    const slots = await readBusySlots(
      [builder('ssh-ng://b@desktop', 4), builder('ssh-ng://b@desktop-2', 1), builder('ssh://idle', 4)],
      { nixStateDir: root, procLocks: '/proc/locks' },
    )
    expect(Object.fromEntries(slots)).toEqual({
      'ssh-ng://b@desktop': 2,
      'ssh-ng://b@desktop-2': 1,
      'ssh://idle': 0,
    })
  })

  it('beyond the row’s job slots do not count: they are left from before', async () => {
    const root = await tree()
    await mkdir(join(root, 'current-load'))
    const file = join(root, 'current-load/ssh:__desktop-5')
    await writeFile(file, '')
    await hold(file)
    const slots = await readBusySlots([builder('ssh://desktop', 5)], {
      nixStateDir: root,
      procLocks: '/proc/locks',
    })
    expect(slots.get('ssh://desktop')).toBe(0)
  })

  it('are told from files of another disk by the device, where the lock table knows this one', async () => {
    const root = await tree({ 'current-load/ssh:__desktop-0': '', locks: '' })
    const { dev, ino } = await stat(join(root, 'current-load/ssh:__desktop-0'))
    const locked = (device: string, inode: number) =>
      `1: FLOCK  ADVISORY  WRITE 812 ${device}:${inode} 0 EOF\n`
    const busy = async (locks: string) => {
      await writeFile(join(root, 'locks'), locks)
      const files = { nixStateDir: root, procLocks: join(root, 'locks') }
      return (await readBusySlots([builder('ssh://desktop', 4)], files)).get('ssh://desktop')
    }
    const other = locked('fff:ff', ino)
    expect(await busy(locked(deviceName(dev), ino))).toBe(1)
    expect(await busy(`${locked(deviceName(dev), ino + 1)}${other}`)).toBe(0)
    // As on btrfs, whose files the kernel locks under another device than it shows.
    expect(await busy(other)).toBe(1)
  })

  it('are none before Nix ever offloaded, and where the locks cannot be read', async () => {
    const slots = await readBusySlots([builder('ssh://a', 4)], {
      nixStateDir: '/nowhere',
      procLocks: '/nowhere',
    })
    expect(slots.get('ssh://a')).toBe(0)
  })
})

describe('/proc/locks', () => {
  it('names who holds, not who waits or reads', () => {
    const text = [
      '1: FLOCK  ADVISORY  WRITE 812 fe:00:131 0 EOF',
      '1: -> FLOCK  ADVISORY  WRITE 813 fe:00:132 0 EOF',
      '2: FLOCK  ADVISORY  READ 814 fe:00:133 0 EOF',
      '3: POSIX  ADVISORY  WRITE 815 fe:00:134 0 EOF',
      '12: FLOCK  ADVISORY  WRITE -1 00:2a:4294967301 0 EOF',
      'garbage',
    ].join('\n')
    expect(parseLocks(text)).toEqual([
      { device: 'fe:00', inode: 131 },
      { device: '00:2a', inode: 4294967301 },
    ])
  })

  it('writes devices in two hexadecimal parts', () => {
    expect(deviceName(0xfe00)).toBe('fe:00')
    expect(deviceName(0x2a)).toBe('00:2a')
    expect(deviceName(0x10300105)).toBe('01:10305')
  })
})

describe("a slot's file", () => {
  it('is named after the URI as written, or as newer versions write it', () => {
    expect(slotPrefixes('ssh-ng://b@desktop')).toEqual(['ssh-ng:__b@desktop'])
    expect(slotPrefixes('ssh://d?ssh-key=/k&compress=true')).toEqual([
      'ssh:__d?ssh-key=_k&compress=true',
      'ssh:__d?compress=true&ssh-key=_k',
    ])
  })
})

describe('the files of slots', () => {
  it('name their builder, as old and as new versions write it, and no other', () => {
    const rows = [
      builder('ssh-ng://b@desktop?z=1&a=2', 2),
      builder('ssh://attic', 1),
      builder('ssh://att', 1),
    ]
    const files = [
      'ssh-ng:__b@desktop?a=2&z=1-0',
      'ssh:__attic-12',
      'main-lock',
      'ssh:__att.upload-lock',
      'x',
    ]
    expect(builderIdsOfSlots(rows, files)).toEqual(rows.slice(0, 2).map(({ id }) => id))
    expect(builderIdsOfSlots(rows, ['ssh-ng:__b@desktop?z=1&a=2-1'])).toEqual([rows[0]?.id])
  })
})
