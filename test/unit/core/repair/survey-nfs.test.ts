// What the survey finds of /nix/store over NFS, by a real sh over pretended desktops.
import { describe, expect, it } from 'vitest'
import type { MachineFacts } from '../../../../src/core/repair/machine-facts.ts'
import { canRun } from '../../../needs.ts'
import { type Desktop, look, lookAtNfs, tcp } from './survey-rig.ts'

const nfsOf = (files: NonNullable<Desktop['files']>, more: Desktop = {}) =>
  shown(lookAtNfs({ files, ...more }))

/** "PATH TO ro|rw" of each export, and whether somebody serves. */
function shown(nfs: MachineFacts['nfs']) {
  if (nfs === null || nfs === undefined) return null
  const told = nfs.exports.map(({ path, to, writable }) => `${path} ${to} ${writable ? 'rw' : 'ro'}`)
  return { told, serving: nfs.serving }
}

describe('the survey of NFS', () => {
  it('finds nothing where nothing of the store is exported', () => {
    expect(nfsOf({})).toEqual({ told: [], serving: false })
    expect(nfsOf({ '/etc/exports': '# /nix/store *(rw)\n/srv/nfs 10.0.0.0/24(rw)\n\n' })?.told).toEqual([])
  })

  it('reads what the module of NixOS writes, and that somebody serves it', () => {
    const files = {
      '/nix/written/exports': '/nix/store 192.168.15.0/24(ro,all_squash,no_subtree_check)\n\n',
      '/etc/exports': { link: '/nix/written/exports' },
      '/proc/net/tcp': tcp(['00000000', 22], ['00000000', 2049]),
    }
    expect(shown(look({ files }).machine.nfs)).toEqual({
      told: ['/nix/store 192.168.15.0/24 ro'],
      serving: true,
    })
  })

  it('believes what the kernel was told more than what the files say', () => {
    const files = {
      '/var/lib/nfs/etab': '/nix/store\t*(rw,sync,wdelay,hide,nocrossmnt,secure,root_squash,anonuid=65534)\n',
      '/etc/exports': '/nix/store 10.0.0.0/24(ro)\n',
    }
    expect(nfsOf(files)?.told).toEqual(['/nix/store * rw'])
    expect(nfsOf({ ...files, '/var/lib/nfs/etab': '' })?.told).toEqual(['/nix/store 10.0.0.0/24 ro'])
  })

  it('reads exports as exports(5) has them: several clients, shared options, continued lines, quotes, the folder', () => {
    const files = {
      '/etc/exports': `"/nix/store/" 10.0.0.0/24(rw) \\
   fe80::/10(ro)  laptop(rw,ro)\t@team # and so on
/nix -rw,sync 10.0.1.0/24 10.0.2.0/24(ro)
  /nix/store (ro)
/nix/store
/nix/storefront *(rw)
`,
      '/etc/exports.d/more.exports': '/ *.lan(rw)\n',
      '/etc/exports.d/not-read.bak': '/nix/store *(rw)\n',
    }
    expect(nfsOf(files)?.told).toEqual([
      '/nix/store 10.0.0.0/24 rw',
      '/nix/store fe80::/10 ro',
      '/nix/store laptop ro',
      '/nix/store @team ro',
      '/nix 10.0.1.0/24 rw',
      '/nix 10.0.2.0/24 ro',
      '/nix/store * ro',
      '/nix/store * ro',
      '/ *.lan rw',
    ])
  })

  it('takes a name for data, whatever it holds', () => {
    expect(nfsOf({ '/etc/exports': '/nix/store a"$(id)\\u0041é(ro)\n' })?.told).toEqual(['/nix/store a"$ ro'])
    expect(nfsOf({ '/etc/exports': '/nix/store `id`"\\é*(ro)\n' })?.told).toEqual(['/nix/store `id`"\\é* ro'])
  })

  it.runIf(canRun('busybox'))('is the same in busybox', () => {
    const files = { '/etc/exports': '/nix/store 10.0.0.0/24(ro) *(rw)\n' }
    expect(nfsOf(files, { runner: ['busybox', 'sh'] })?.told).toEqual([
      '/nix/store 10.0.0.0/24 ro',
      '/nix/store * rw',
    ])
  })
})
