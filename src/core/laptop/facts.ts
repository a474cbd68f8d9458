// What this laptop says about offloading: the types that core/laptop gives and core/monitor judges.
import type { Outcome, Problem } from '../../shared/outcome.ts'

/** One usable row of the machines file, with ssh_config resolved. */
export interface Builder {
  /** Stable between reads: the store URI, or URI#n where the same URI stands twice. */
  readonly id: string
  /** As Nix uses it, scheme included: ssh-ng://nix-builder@desktop. */
  readonly uri: string
  readonly scheme: 'ssh' | 'ssh-ng'
  /** The name as the user wrote it: what faces show and Nix's lock files use. */
  readonly host: string
  /** Where ssh really connects (HostName, Port, User of ssh_config applied). */
  readonly address: {
    readonly host: string
    readonly port: number
    readonly user: string
    /** ssh_config's HostKeyAlias, in lower case: known_hosts is asked for it instead of host and port. */
    readonly hostKeyAlias?: string
  }
  /** The file of the machines row, ?ssh-key=, or ssh_config's IdentityFile; null where only ssh's defaults remain. */
  readonly keyPath: string | null
  /** ssh_config sends ssh there through another machine or program: what answers at `address` proves nothing. */
  readonly proxied?: true
  readonly systems: readonly string[]
  readonly maxJobs: number
  readonly speedFactor: number
  readonly supportedFeatures: readonly string[]
  readonly mandatoryFeatures: readonly string[]
  /** The decoded host key line of column 7 ("ssh-ed25519 AAAA… comment"), or null. */
  readonly hostKeyLine: string | null
  /** Where the row stands, so that messages can name it. */
  readonly source: { readonly file: string; readonly line: number }
}

/** What can be known of a builder key file without root. */
export type BuilderKeyFile =
  | { readonly state: 'none-configured' }
  | { readonly state: 'missing'; readonly path: string }
  | {
      readonly state: 'present'
      readonly path: string
      /** Permission bits, e.g. 0o600. */
      readonly mode: number
      readonly ownerUid: number
      /** The private half, where this user may read it and it is not encrypted (never logged, never over IPC). */
      readonly privateKey: Buffer | null
      /** OpenSSH public key line from KEY.pub, or derived from a readable private key; null where neither is there. */
      readonly publicKeyLine: string | null
      /** exposed, encrypted, pubkey-missing, untestable type … each with its cause; empty when all is well. */
      readonly problems: readonly Problem[]
    }

/** A binary cache this laptop substitutes from, or should. */
export interface Cache {
  /** http(s)://host:port, without query or trailing slash. */
  readonly url: string
  /** In `substituters` now. false: derived from a builder's host, because its desktop's cache is not a substituter. */
  readonly isSubstituter: boolean
  /** `?trusted=1`: Nix asks for no signature. */
  readonly trusted: boolean
  /** "user:password" of the substituter, percent-encoded as it stands there. Asked with, never shown or kept. */
  readonly login?: string
  /** Nix's netrc, which may hold a login for it, but not for this user to read. */
  readonly closedNetrc?: string
}

export interface NixSettings {
  readonly builders: string
  readonly maxJobs: number
  readonly fallback: boolean
  readonly substituters: readonly string[]
  /** name -> 32 bytes of ed25519 public key, as `name:base64` lines. */
  readonly trustedPublicKeys: readonly string[]
  readonly requireSigs: boolean
  readonly system: string
  readonly storeDir: string
  readonly buildersUseSubstitutes: boolean
}

export interface LaptopFacts {
  /** "2.26.3" */
  readonly nixVersion: string
  readonly settings: NixSettings
  readonly builders: readonly Builder[]
  /** By builder id. */
  readonly keys: ReadonlyMap<string, BuilderKeyFile>
  /** The desktops' caches (hosts of the builders, or the ones named in the user's settings), not cache.nixos.org. */
  readonly caches: readonly Cache[]
  /** Substituters that are no desktop's cache. */
  readonly otherSubstituters: readonly string[]
  /** machines-invalid, no-builder, distributed-builds-off, file-unreadable, daemon-down …: what `nix-config` shows. */
  readonly problems: readonly Problem[]
}

/** A desktop's store that is mounted on this laptop over NFS. */
export interface StoreMount {
  /** The kernel's number of the mount: another one after each mounting. */
  readonly id: string
  /** The desktop, as the builder's row names it. */
  readonly host: string
  /** Where it is mounted. */
  readonly path: string
  /** "desktop:/nix/store" */
  readonly source: string
  /** "nfs4, ro, soft" */
  readonly how: string
  /** By an automounter, which lets it go when nobody touches it for a while. */
  readonly automount: boolean
}

export interface SeenMount extends StoreMount {
  /** Whether its server answered in time; null where that could not be tried. */
  readonly answers: boolean | null
  /** What was said in place of an answer; empty where nothing was. */
  readonly said: string
  /** How long it took, in ms. */
  readonly ms: number
  /** How long ago it was asked, in ms: an automount is not touched at each look. */
  readonly ageMs: number
}

/** Looks at the mounts of these builders' stores. `addresses`: where host names led when they were last proven. */
export type MountLook = (
  builders: readonly Pick<Builder, 'host' | 'address'>[],
  addresses: Readonly<Record<string, string>>,
) => Promise<readonly SeenMount[]>

/** Where the monitor gets the laptop's truth from: the real laptop, or the demo desktop's pretended one. */
export interface LaptopSource {
  /**
   * Bad only where no Nix answers (laptop.nix-missing, laptop.nix-silent); other problems stand in the facts. `waiting` is
   * called once Nix was started and only its answer is awaited: the moment for work of one's own that holds the event
   * loop. It is not called where no process is needed.
   */
  survey(waiting?: () => void): Promise<Outcome<LaptopFacts>>
  /** Busy slots by builder id, of anybody's builds, now. */
  busySlots(builders: readonly Builder[]): Promise<ReadonlyMap<string, number>>
  /** The stores of builders that are mounted here, and whether they answer. Ends within seconds, whatever hangs. */
  readonly storeMounts?: MountLook
  /** A few store paths of this laptop that the desktop's cache may well have, likeliest first. */
  sharedPaths(): Promise<readonly string[]>
}
