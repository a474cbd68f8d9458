// What this laptop still needs to build on a desktop, as every face shows it: the needs, the exact changes, the snippet.
import type { CauseCode } from './causes.ts'
import type { Params, Problem } from './outcome.ts'
import type { FileChange } from './repair.ts'

/** Ids are API: `offload-repair laptop --json` names them. Words: messages.laptopSide.needs. */
const laptopNeedIds = [
  /** The places that name the desktop's old address: params from, to. */
  'new-address',
  /** No row for this desktop: params host, user. */
  'builder-row',
  /** `builders` is empty: nothing is offloaded. */
  'distributed-builds',
  /** The row holds no host key: params host. */
  'pin-host-key',
  /** ssh_config leads ssh past the row's host key, which it would look for under `name`: params host, name. */
  'host-key-alias',
  /** Another host key than this laptop holds, which the person compared and took: params host, from, to. */
  'renew-host-key',
  /** Root's own known_hosts, which nobody else can read, may name the old key: params host. */
  'root-known-hosts',
  /** Params key. */
  'builder-key',
  /** Params url. */
  'substituter',
  /** Params name, where the key is known. */
  'cache-key',
  /** The same name, another key than the desktop has now: params name. */
  'cache-key-renewed',
  'fallback',
  'connect-timeout',
  /** ssh waits for minutes for a desktop that is off: params host. */
  'ssh-timeout',
] as const
export type LaptopNeedId = (typeof laptopNeedIds)[number]

export interface LaptopNeed {
  readonly id: LaptopNeedId
  readonly params: Params
  /** Builds run without it; it saves waiting. Alone it is no reason to stop anybody. */
  readonly advice: boolean
  /**
   * What it takes is not known yet (the cache's key, before somebody signed in; a host key that nobody has compared):
   * nothing is changed for it.
   */
  readonly unknown: boolean
}

/** One place that names the desktop's old address. */
export interface AddressPlace {
  readonly file: string
  readonly line: number
  /** The line as it is and as it should be, cleaned. */
  readonly before: string
  readonly after: string
  /** Changed by us; else only told: a file of the person's own, or one that NixOS makes. */
  readonly ours: boolean
}

/** "The desktop moved", told as one change. */
export interface AddressChange {
  readonly from: string
  readonly to: string
  readonly places: readonly AddressPlace[]
}

/** "The desktop has another host key", told as one change. */
export interface HostKeyChange {
  /** SHA256:… of each key that this laptop holds, and of the one that is shown now. */
  readonly from: readonly string[]
  readonly to: string
  /** The person compared it and said yes to exactly this one. */
  readonly accepted: boolean
  /** Lines that hold an old key and are not changed by this app. */
  readonly places: readonly AddressPlace[]
}

/** What is shown before anything is changed. */
export interface LaptopPlan {
  readonly host: string
  readonly user: string
  /** Empty: this laptop has all it needs. */
  readonly needs: readonly LaptopNeed[]
  readonly move: AddressChange | null
  /** Absent where the desktop shows the key that is held for it. */
  readonly hostKey?: HostKeyChange
  /** /etc/nix is made by NixOS: the snippet is the way, and no file is changed. */
  readonly nixos: boolean
  readonly changes: readonly FileChange[]
  /** What else is run: the builder key made, nix-daemon restarted. */
  readonly commands: readonly string[]
  /** The same by hand, as an admin, in order. */
  readonly byHand: readonly string[]
  /** services.offload-client for a NixOS laptop. */
  readonly snippet: string
  /** There is something to change, and a way to become root here. */
  readonly canApply: boolean
  /** Why it cannot be applied, where changes are wanted: no pkexec. */
  readonly cannot: Problem | null
}

/** A file that was changed, and where the old one is kept; null where there was none. */
export interface ChangedFile {
  readonly path: string
  readonly backup: string | null
}

/** What was changed on this laptop, and whether it was taken back. */
export interface LaptopDone {
  readonly changed: readonly ChangedFile[]
  /** nix-daemon could not be restarted from here: the new settings count after its next start. */
  readonly restartNeeded: boolean
  readonly undo: 'can' | 'busy' | 'done' | 'none'
  readonly problem: Problem | null
}

/** What the person asks for, beside what the laptop itself says. */
export interface LaptopWish {
  /** Id, URI or host of a builder that is there. */
  readonly builder?: string
  /** A first row: where the desktop is, and as whom Nix signs in. */
  readonly first?: { readonly host: string; readonly user: string }
  /** The desktop's new address. */
  readonly newAddress?: string
  /** "cache.local-1:base64", as read on the desktop. */
  readonly cacheKey?: string
  /** SHA256:… of the host key that the person compared and took. */
  readonly hostKey?: string
  /** Only what the desktop's host key needs: the rest can only be known once somebody signed in. */
  readonly scope?: 'host-key'
}

/** Whether there is anything without which offloading does not work. */
export function isNeeded(plan: Pick<LaptopPlan, 'needs'>): boolean {
  return plan.needs.some((need) => !need.advice)
}

/** What of a wish cannot be meant, as it was typed; null: all of it can. */
export function whatIsWrong({ first, newAddress, cacheKey, hostKey }: LaptopWish): string | null {
  if (first !== undefined && !isHost(first.host)) return first.host || '@'
  if (first !== undefined && !isUser(first.user)) return first.user || '@'
  if (newAddress !== undefined && !isHost(newAddress)) return newAddress || '""'
  if (hostKey !== undefined && !isFingerprint(hostKey)) return hostKey || '""'
  return cacheKey !== undefined && !isCacheKey(cacheKey) ? cacheKey || '""' : null
}

const mendedOnLaptop: ReadonlySet<CauseCode> = new Set<CauseCode>([
  'laptop.no-substituter',
  'laptop.cache-key-untrusted',
  'laptop.no-fallback',
  'laptop.distributed-builds-off',
  'cache.signature-untrusted',
  'cache.signature-invalid',
  'net.moved',
])

/** Whether the way to mend this cause is a change of this laptop's own settings. */
export function isMendedOnLaptop(cause: CauseCode | undefined): boolean {
  return cause !== undefined && mendedOnLaptop.has(cause)
}

/** A bare address or name, as the NixOS module takes it: no user, scheme, port or option. */
export function isHost(text: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,252}$/.test(text) || isIPv6(text)
}

function isIPv6(text: string): boolean {
  return /^[0-9A-Fa-f:.]{2,45}(%[\w.-]{1,20})?$/.test(text) && text.split(':').length > 2
}

/** A login name that useradd would take (shadow's, with the digits and dots that others allow). */
export function isUser(text: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/.test(text)
}

/** "name:base64 of 32 bytes" */
export function isCacheKey(text: string): boolean {
  return /^[^\s:#;"'\\]{1,200}:[A-Za-z0-9+/]{43}=$/.test(text)
}

/** "SHA256:…", as ssh-keygen -l prints it. */
function isFingerprint(text: string): boolean {
  return /^SHA256:[A-Za-z0-9+/]{43}$/.test(text)
}
