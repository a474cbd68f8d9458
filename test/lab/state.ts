// What a running lab is made of, as written in its folder: enough to enter it from outside, and from inside the laptop.
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { labDir, labsDir, type Release } from './places.ts'
import { alive, ownPidNamespace, type ProcessId } from './processes.ts'

/** The same process seen from the host and from inside the lab. */
export interface Pids {
  readonly host: number
  readonly lab: number
}

export interface DesktopState {
  readonly name: string
  readonly address: string
  readonly pids: Pids
  readonly bootId: string
}

export type Scheme = 'ssh-ng' | 'ssh'
/**
 * `ready`: a working builder and cache. `bare`: Debian with Nix and its admin, nothing set up. `nixos`: a stand-in for
 * NixOS (../nixos), nothing set up either.
 */
export type Profile = 'ready' | 'bare' | 'nixos'

export type LaptopRelease = Release | 'host'

export interface LabState {
  readonly id: string
  readonly release: Release
  /** `host`: the laptop runs this machine's own programs, its Nix among them. */
  readonly laptopRelease: LaptopRelease
  readonly scheme: Scheme
  readonly profile: Profile
  readonly startedAt: string
  /** The host process outside the namespaces whose death ends the lab. */
  readonly keeper: ProcessId
  /** PID namespace of the lab: a reader in it uses `pids.lab`, any other `pids.host`. */
  readonly pidNamespace: string
  readonly laptop: { readonly address: string; readonly pids: Pids; readonly bootId: string }
  readonly desktops: readonly DesktopState[]
  readonly admin: { readonly user: string; readonly password: string }
  /** Public key of each desktop's cache, in order; null where nothing is set up. */
  readonly cacheKeys: readonly (string | null)[]
  /** A store path built on the first desktop and on the laptop too; null where nothing is set up. */
  readonly sharedPath: string | null
}

const file = (id: string): string => join(labDir(id), 'state.json')

/** Only root may read it: it holds the admin's password. */
export function writeState(state: LabState): void {
  writeFileSync(`${file(state.id)}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file(state.id)}.new`, file(state.id))
}

/** What is kept of the lab of that id; null where there is none. */
export function readState(id: string): LabState | null {
  if (!existsSync(file(id))) return null
  return JSON.parse(readFileSync(file(id), 'utf8')) as LabState
}

/** Is it running? From inside the lab: yes, or we would not be here. */
export function isUp(state: LabState): boolean {
  return ownPidNamespace() === state.pidNamespace || alive(state.keeper)
}

/** Who keeps a lab that is up or coming up, and which process opened it. */
export interface Kept extends ProcessId {
  readonly owner: number
}

/** From the file that a lab's starter writes first; null when it never came that far. */
export function readKeeper(id: string): Kept | null {
  const path = join(labDir(id), 'keeper.json')
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Kept
  } catch {
    return null
  }
}

/** Keeps which process holds that lab open. */
export function writeKeeper(id: string, keeper: ProcessId): void {
  const kept: Kept = { ...keeper, owner: process.pid }
  writeFileSync(join(labDir(id), 'keeper.json'), JSON.stringify(kept))
}

/** The lab this process runs inside of (`exec root -- …`), by its PID namespace; undefined outside of any. */
export function labAroundUs(): string | undefined {
  const own = ownPidNamespace()
  return allLabs().find((id) => readState(id)?.pidNamespace === own)
}

export const allLabs = (): readonly string[] => (existsSync(labsDir) ? readdirSync(labsDir).sort() : [])
