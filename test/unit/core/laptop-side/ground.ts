// A laptop's files made to measure, and what is known of its desktop.
import type { Ground } from '../../../../src/core/laptop-side/ground.ts'
import type { FileKind } from '../../../../src/core/laptop-side/move.ts'
import type { Known } from '../../../../src/core/laptop-side/needs.ts'
import { builder, laptop } from '../monitor/fixtures.ts'

export const hostKeyLine = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBbVb3bTzj3nNh2LQhF4Yw0kbPkL3Ur1JdHtYyq0T1d8'
export const cacheKey = `cache.local-1:${'B'.repeat(43)}=`
export const otherKey = `cache.local-1:${'C'.repeat(43)}=`

/** Where ssh finds the desktop of these tests: no ssh_config leads elsewhere. */
export const address = { host: 'desktop', port: 22, user: 'nix-builder' }
export const nixConf = '/etc/nix/nix.conf'
export const machines = '/etc/nix/machines'
export const sshConfig = '/etc/ssh/ssh_config'

const kindOf = (path: string): FileKind =>
  path === '/etc/hosts' || path.endsWith('.nix') ? 'hosts' : path.includes('ssh') ? 'ssh' : 'nix'

/** Files by path over a plain laptop; everything Nix says is well unless `facts` says otherwise. */
export function ground(files: Readonly<Record<string, string | null>>, change: Partial<Ground> = {}): Ground {
  const texts = new Map(Object.entries(files))
  const told = Object.keys(files).filter((path) => !path.startsWith('/etc/') || path.startsWith('/etc/nixos'))
  return {
    seen: { facts: laptop(), connectTimeout: '5', sshGivesUp: true },
    texts,
    kinds: new Map([...texts.keys()].map((path) => [path, kindOf(path)])),
    told: new Set(told),
    confFiles: [...texts.keys()].filter((path) => path.endsWith('.conf') && path.startsWith('/etc/nix/')),
    nixConf,
    machines,
    sshConfig,
    knownHosts: [...texts.keys()].filter((path) => path.startsWith('/etc/ssh/ssh_known_hosts')),
    sshFiles: [sshConfig, '/etc/ssh/ssh_config.d'],
    nixos: false,
    root: 'pkexec',
    ...change,
  }
}

/** A desktop of which everything is known, and whose row holds its host key. */
export function known(change: Partial<Known> = {}): Known {
  const row = builder('desktop', { address, hostKeyLine, source: { file: machines, line: 1 } })
  return {
    host: 'desktop',
    user: 'nix-builder',
    builder: row,
    hostKeyLine,
    onlyAppTrusts: false,
    cacheKey: null,
    cacheAnswers: true,
    signatureRefused: false,
    move: null,
    ...change,
  }
}
