// Which mounts are a builder's store, and that asking a dead one holds nobody up.
import { readFile, writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { createMountLook, storeMounts } from '../../../../src/core/laptop/nfs-mount.ts'
import { executable, tree } from './tree.ts'

const desktop = { host: 'desktop', address: { host: 'desktop.lan', port: 22, user: 'nix-builder' } }
const root = '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw'
const line = (source: string, path = '/mnt/store', id = 50, parent = 22) =>
  `${id} ${parent} 0:50 / ${path} ro,nosuid shared:2 - nfs4 ${source} ro,vers=4.2,soft,proto=tcp,timeo=50,retrans=2,addr=10.0.0.2`
const autofs =
  '49 22 0:48 / /mnt/store rw,relatime shared:9 - autofs systemd-1 rw,fd=64,timeout=300,direct,pipe_ino=2'
const found = (text: string, addresses = {}) => storeMounts(text, [desktop], addresses)

describe('the stores that are mounted here', () => {
  it('are NFS mounts of a builder’s /nix/store', () => {
    expect(found(`${root}\n${line('desktop:/nix/store')}\n`)).toEqual([
      {
        id: '50',
        host: 'desktop',
        path: '/mnt/store',
        source: 'desktop:/nix/store',
        how: 'nfs4, ro, soft',
        automount: false,
      },
    ])
  })

  it.each([
    ['the name that ssh connects to', line('Desktop.lan.:/nix/store/'), {}],
    ['the folder above', line('desktop:/nix'), {}],
    ['the address where its name led', line('10.0.0.2:/nix/store'), { 'desktop.lan': '10.0.0.2' }],
    ['another name with that address', line('nas:/nix/store'), { desktop: '10.0.0.2' }],
    ['an IPv6 address', line('[FE80::1%eth0]:/nix/store'), { desktop: 'fe80::1' }],
  ])('by %s', (_, text, addresses) => {
    expect(found(text, addresses)).toHaveLength(1)
  })

  it.each([
    ['another machine', line('nas:/nix/store')],
    ['another folder', line('desktop:/home')],
    ['no NFS', line('desktop:/nix/store').replace('nfs4', 'fuse.sshfs')],
    ['an automount that nobody touched', autofs],
    ['something that is mounted over', `${line('desktop:/nix/store')}\n${line('x:/', '/mnt/store', 51, 50)}`],
    ['no table at all', 'garbage\n - \n\n1 2 3 - nfs4'],
  ])('are not: %s', (_, text) => {
    expect(found(text)).toEqual([])
  })

  it('say where they are mounted as the person wrote it, and whether by an automounter', () => {
    const [mount] = found(line('desktop:/nix/store', '/mnt/my\\040store\\134'))
    expect(mount?.path).toBe('/mnt/my store\\')
    expect(found(`${autofs}\n${line('desktop:/nix/store', '/mnt/store', 50, 49)}`)[0]?.automount).toBe(true)
  })

  it('are told of a builder with any name, also one that every object has', () => {
    const odd = { host: 'constructor', address: { ...desktop.address, host: 'constructor' } }
    expect(storeMounts(line('nas:/nix/store'), [odd])).toEqual([])
    expect(storeMounts(line('constructor:/nix/store'), [odd])).toMatchObject([{ host: 'constructor' }])
  })
})

/** Looks at these mounts; `stat` is what sh runs in its place, which notes each start. */
async function looking(mounts: string, stat: string) {
  const folder = await tree({ mountinfo: mounts, stat: `#!/bin/sh\necho "$@" >>ROOT/starts\n${stat}\n` })
  await executable(`${folder}/stat`)
  const clock = { now: 0 }
  const look = createMountLook(
    { mountInfo: `${folder}/mountinfo` },
    { stat: `${folder}/stat`, deadlineMs: 300, now: () => clock.now },
  )
  const starts = async () =>
    (await readFile(`${folder}/starts`, 'utf8').catch(() => '')).split('\n').length - 1
  return { look: () => look([desktop], {}), starts, clock, folder }
}

describe('asking a mounted store', () => {
  it('starts nothing where there is none', async () => {
    const { look, starts } = await looking(`${root}\n`, 'exit 0')
    expect(await look()).toEqual([])
    expect(await starts()).toBe(0)
  })

  it('has its answer from a child, which is given the path as it is', async () => {
    const { look, folder } = await looking(line('desktop:/nix/store', '/mnt/a\\040b'), 'exit 0')
    expect(await look()).toMatchObject([{ answers: true, said: '', ageMs: 0 }])
    expect(await readFile(`${folder}/starts`, 'utf8')).toBe('-f -- /mnt/a b\n')
  })

  it('ends in time where nothing answers, and starts no second child while the first one waits', async () => {
    // The sleep that is left keeps what it was started with open, as a child in the kernel would.
    const { look, starts } = await looking(line('desktop:/nix/store'), 'sleep 20')
    const began = performance.now()
    const [first, second] = await Promise.all([look(), look()])
    expect(performance.now() - began).toBeLessThan(15_000)
    expect([first[0]?.answers, second[0]?.answers]).toEqual([false, false])
    expect(await starts()).toBe(1)
  })

  it('tells a server that forgot the mount, and what it may not ask', async () => {
    const said = (text: string) => `echo "stat: cannot read file system information: ${text}" >&2; exit 1`
    const stale = await looking(line('desktop:/nix/store'), said('Stale file handle'))
    expect(await stale.look()).toMatchObject([
      { answers: false, said: expect.stringContaining('Stale file handle') },
    ])
    const denied = await looking(line('desktop:/nix/store'), said('Permission denied'))
    expect(await denied.look()).toMatchObject([{ answers: null }])
    const none = createMountLook({ mountInfo: `${denied.folder}/mountinfo` }, { stat: '/nowhere/stat' })
    expect(await none([desktop], {})).toMatchObject([{ answers: null }])
  })

  it('asks anew about a mount that went and came back, also under the same number', async () => {
    const mounted = `${autofs}\n${line('desktop:/nix/store', '/mnt/store', 50, 49)}`
    const { look, starts, folder } = await looking(mounted, 'exit 0')
    await look()
    await writeFile(`${folder}/mountinfo`, `${autofs}\n`)
    expect(await look()).toEqual([])
    await writeFile(`${folder}/mountinfo`, mounted)
    expect(await look()).toMatchObject([{ answers: true }])
    expect(await starts()).toBe(2)
  })

  it('lets an automount that answered go idle', async () => {
    const { look, starts, clock } = await looking(
      `${autofs}\n${line('desktop:/nix/store', '/mnt/store', 50, 49)}`,
      'exit 0',
    )
    await look()
    clock.now = 14 * 60_000
    expect(await look()).toMatchObject([{ answers: true, ageMs: 14 * 60_000 }])
    expect(await starts()).toBe(1)
    clock.now = 16 * 60_000
    expect(await look()).toMatchObject([{ answers: true, ageMs: 0 }])
    expect(await starts()).toBe(2)
  })
})
