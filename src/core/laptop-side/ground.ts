// The laptop's files and rights, as they were found: what a plan is made from.
import type { FileKind } from './move.ts'
import type { Seen } from './needs.ts'
import type { Texts } from './texts.ts'

/** Where Nix's manual and our NixOS module put it. */
export const defaultKey = '/etc/nix/builder_key'

export interface Ground {
  readonly seen: Seen
  readonly texts: Texts
  /** Every file that may name an address, and how it writes them. */
  readonly kinds: ReadonlyMap<string, FileKind>
  /** Of these: files that are only told, not changed (the person's own, and NixOS's). */
  readonly told: ReadonlySet<string>
  /** nix.conf and the files it includes: a change in one of them needs nix-daemon started again. */
  readonly confFiles: readonly string[]
  readonly nixConf: string
  readonly machines: string
  readonly sshConfig: string
  /** ssh's known_hosts for everybody. */
  readonly knownHosts: readonly string[]
  /** What ssh_config leads to, folders included. */
  readonly sshFiles: readonly string[]
  readonly nixos: boolean
  /** How to become root here. */
  readonly root: 'self' | 'pkexec' | 'none'
}
