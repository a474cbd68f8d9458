// Watched files, busy slots and the clock: what is noticed, once, and what is not.
import { rmSync, writeFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { watchBusy } from '../../../../src/core/monitor/watch-busy.ts'
import { addressesText, createNoticer } from '../../../../src/core/monitor/watch-clock.ts'
import { configFolders, type FileWatch, watchFiles } from '../../../../src/core/monitor/watch-files.ts'

let folder: string
let watch: FileWatch | undefined

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'watch-'))
})
afterEach(async () => {
  watch?.close()
  await rm(folder, { recursive: true, force: true })
})

describe('watched files', () => {
  it('tell one change for many writes that come together', async () => {
    let told = 0
    watch = watchFiles([{ folder }], 60, () => {
      told += 1
    })
    // In one go: a busy machine puts more than the told quiet between two that are awaited.
    for (let n = 0; n < 5; n += 1) writeFileSync(join(folder, 'machines'), String(n))
    await expect.poll(() => told).toBe(1)
    await sleep(200)
    expect(told).toBe(1)
  })

  it('are those of Nix and ssh, drop-ins included', () => {
    const all = configFolders('/home/me')
    expect(all.filter(({ names }) => names === undefined).map(({ folder }) => folder)).toEqual([
      '/etc/nix',
      '/etc/ssh/ssh_config.d',
      '/home/me/.config/nix',
    ])
    expect(all.find(({ folder }) => folder === '/etc/ssh')?.names).toContain('ssh_config')
  })

  it('tell a change of mode', async () => {
    const file = join(folder, 'builder_key')
    await writeFile(file, '')
    let told = 0
    watch = watchFiles([{ folder }], 20, () => {
      told += 1
    })
    await chmod(file, 0o644)
    await expect.poll(() => told).toBe(1)
  })

  it('tell a link swapped by rename, as NixOS swaps /etc/static, and no other names', async () => {
    let told = 0
    watch = watchFiles([{ folder, names: ['static'] }], 20, () => {
      told += 1
    })
    await writeFile(join(folder, 'mtab'), '')
    await symlink('/nowhere', join(folder, 'static.tmp'))
    await sleep(100)
    expect(told).toBe(0)
    await rename(join(folder, 'static.tmp'), join(folder, 'static'))
    await expect.poll(() => told).toBe(1)
  })

  it('are taken up when their folder appears, and again when it was replaced', async () => {
    let told = 0
    const nix = join(folder, 'nix')
    watch = watchFiles([{ folder: nix }], 10, () => {
      told += 1
    })
    await mkdir(nix)
    watch.renew()
    writeFileSync(join(nix, 'machines'), 'a')
    await expect.poll(() => told).toBe(1)
    rmSync(nix, { recursive: true })
    await expect.poll(() => told).toBe(2)
    await mkdir(nix)
    watch.renew()
    writeFileSync(join(nix, 'machines'), 'b')
    await expect.poll(() => told).toBe(3)
  })

  it('forget nothing that was noticed when another folder is added', async () => {
    let told = 0
    const one = join(folder, 'one')
    const two = join(folder, 'two')
    await mkdir(one)
    await mkdir(two)
    watch = watchFiles([{ folder: one }], 50, () => {
      told += 1
    })
    // At once, as above: a stall between making and writing it would be told as two changes.
    writeFileSync(join(one, 'x'), '')
    await sleep(20)
    watch.also({ folder: two })
    await expect.poll(() => told).toBe(1)
    writeFileSync(join(two, 'x'), '')
    await expect.poll(() => told).toBe(2)
  })

  it('tell nothing any more once closed', async () => {
    let told = 0
    watch = watchFiles([{ folder }], 50, () => {
      told += 1
    })
    await writeFile(join(folder, 'x'), '')
    watch.close()
    await sleep(150)
    expect(told).toBe(0)
  })
})

describe('busy slots', () => {
  it('are read when a lock file is touched, and no more once nothing runs', async () => {
    let reads = 0
    const read = async () => {
      reads += 1
      return false
    }
    const busy = watchBusy(read, () => undefined, folder)
    await sleep(100)
    expect(reads).toBe(0)
    await writeFile(join(folder, 'ssh-ng:__desktop-0'), '')
    await expect.poll(() => reads).toBeGreaterThan(0)
    busy.close()
    const after = reads
    await sleep(100)
    expect(reads).toBe(after)
  })

  it('that were taken are told once the slots were read some two seconds later, each once', async () => {
    const settled: (readonly string[])[] = []
    let reads = 0
    const read = async () => {
      reads += 1
      return false
    }
    const busy = watchBusy(read, (files) => settled.push(files), folder)
    const started = performance.now()
    writeFileSync(join(folder, 'ssh-ng:__desktop-0'), '')
    writeFileSync(join(folder, 'ssh:__attic-1'), '')
    await expect.poll(() => settled.length).toBe(1)
    expect(performance.now() - started).toBeGreaterThan(1900)
    expect(settled[0]).toEqual(['ssh-ng:__desktop-0', 'ssh:__attic-1'])
    expect(reads).toBe(2)
    busy.close()
  })
})

describe('the clock', () => {
  function senses() {
    const state = { wall: 1e12, monotonic: 500, addresses: 'eth0 10.0.0.1' }
    const look = createNoticer({
      wall: () => state.wall,
      monotonic: () => state.monotonic,
      addresses: () => state.addresses,
    })
    return { state, look }
  }

  it('notices sleep by the wall clock running ahead, once', () => {
    const { state, look } = senses()
    state.wall += 10_000
    state.monotonic += 10_000
    expect(look()).toEqual({ network: false, slept: false, setBack: false })
    state.wall += 3_600_000
    state.monotonic += 10_000
    expect(look()).toEqual({ network: false, slept: true, setBack: false })
    expect(look()).toEqual({ network: false, slept: false, setBack: false })
  })

  it('takes no clock set back and no slow machine for sleep', () => {
    const { state, look } = senses()
    state.wall -= 3_600_000
    expect(look()).toMatchObject({ slept: false, setBack: true })
    expect(look()).toMatchObject({ slept: false, setBack: false })
    state.wall += 60_000
    state.monotonic += 60_000
    expect(look().slept).toBe(false)
  })

  it('notices another network, once', () => {
    const { state, look } = senses()
    state.addresses = 'eth0 192.168.0.2'
    expect(look().network).toBe(true)
    expect(look().network).toBe(false)
  })

  it('compares the addresses that lead out, in any order', () => {
    const eth = { address: '10.0.0.1', internal: false }
    const lo = { address: '127.0.0.1', internal: true }
    expect(addressesText({ lo: [lo], eth0: [eth], wg0: undefined })).toBe('eth0 10.0.0.1')
    expect(addressesText({ eth0: [eth], lo: [] })).toBe(addressesText({ lo: [lo], eth0: [eth] }))
  })
})
