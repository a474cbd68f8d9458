// What the desktop says: the types that core/desktop gives and core/monitor judges.
import type { Problem } from '../../shared/outcome.ts'
import type { SshSession } from './ssh-session.ts'

/** A host key as SSH shows it. */
export interface OfferedKey {
  /** "ssh-ed25519" */
  readonly type: string
  /** "SHA256:…", base64 without padding, as ssh-keygen -l prints it. */
  readonly fingerprint: string
  /** The raw public key blob. */
  readonly blob: Buffer
}

/** The judgement on a host key, made before any credential is sent. */
export type HostKeyVerdict =
  | {
      readonly state: 'trusted'
      readonly offered: OfferedKey
      readonly source: string
      /** It is the row's pin, but Nix's ssh passes that by: it looks for the host key under this other name. */
      readonly missedAs?: string
    }
  | { readonly state: 'unknown'; readonly offered: OfferedKey }
  | {
      readonly state: 'changed'
      readonly offered: OfferedKey
      readonly expected: readonly { readonly fingerprint: string; readonly source: string }[]
    }
  | { readonly state: 'revoked'; readonly offered: OfferedKey; readonly source: string }

/** The other end of a connection. */
export interface SshPeer {
  readonly ip: string
  /** What the name was found to lead to; empty where the host is an address itself. */
  readonly addresses: readonly string[]
}

/** What one SSH connection proved. */
export interface SshProof {
  /** TCP connected; with the time it took in ms. null: it did not, and `problem` says why. */
  readonly connectMs: number | null
  readonly peer: SshPeer | null
  readonly hostKey: HostKeyVerdict | null
  /** untested: an earlier step failed, or no key half is readable. */
  readonly key: 'accepted' | 'refused' | 'untested'
  readonly keyMs: number
  /** The first thing that failed, if anything. */
  readonly problem: Problem | null
  /** Kept open only where the private key was readable and the login passed; the caller closes it. */
  readonly session: SshSession | null
}

/** What Nix on the desktop says over an authenticated session. */
export interface RemoteNix {
  readonly version: string
  readonly trusted: boolean | null
  /** What it builds for: system and extra-platforms; empty where it could not tell. */
  readonly systems: readonly string[]
  /** system-features; absent or empty where it could not tell. */
  readonly features?: readonly string[]
  /** Bytes free where /nix/store stands; null where df could not tell. */
  readonly diskFree: number | null
}

export interface CacheInfo {
  readonly storeDir: string
  readonly wantMassQuery: boolean
  readonly priority: number | null
}

/** The judgement on a narinfo's signatures against the laptop's trusted keys. */
export type SignatureVerdict =
  | { readonly state: 'valid'; readonly keyName: string; readonly path: string }
  | { readonly state: 'failed'; readonly problem: Problem; readonly path: string }
  /** The cache does not have the path. */
  | { readonly state: 'absent'; readonly path: string }
