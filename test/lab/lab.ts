// The lab for tests: a real laptop and real desktops in namespaces of their own, to run things in and to break on purpose.
import { type ChildProcess, spawn } from 'node:child_process'
import type { Say } from './base.ts'
import { desktopArgv, desktopEnv, laptopArgv, laptopEnv, type Who } from './enter.ts'
import { breakFault, forgive, mendAll, mendFault } from './fault.ts'
import { labId, type Release } from './places.ts'
import { type Ran, type RunOptions, run } from './run.ts'
import { start } from './start.ts'
import {
  isUp,
  type LabState,
  type LaptopRelease,
  labAroundUs,
  type Profile,
  readState,
  type Scheme,
} from './state.ts'
import { takeDown } from './stop.ts'

export interface OpenOptions {
  /** Default: LAB_ID, else a name of this process's own. Several labs run at once under different names. */
  readonly id?: string
  /** 1 (default) to 4. */
  readonly desktops?: number
  readonly scheme?: Scheme
  /** Debian of the desktops (default trixie). */
  readonly release?: Release
  /** Debian of the laptop, for its Nix (default: this machine's own programs). */
  readonly laptopRelease?: LaptopRelease
  readonly profile?: Profile
  readonly say?: Say
}

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly stdio?: import('node:child_process').StdioOptions
}

export interface Lab {
  readonly state: LabState
  readonly id: string
  readonly addresses: { readonly laptop: string; readonly desktops: readonly string[] }
  /** Breaks one thing (names: faults/*.ts or `npm run lab -- faults`); again = still broken. Default desktop 1. */
  readonly break: (fault: string, where?: { desktop?: number }) => Promise<void>
  /** Mends one fault on every desktop, or all of them. */
  readonly mend: (fault?: string) => Promise<void>
  /** Makes the desktops' sshd forget the laptop's refused logins (mending a fault that causes them does so too). */
  readonly forgive: () => Promise<void>
  /** On the laptop as the unprivileged user, with a clean environment plus `env`. Working folder: alice's home. */
  readonly runAsAlice: (argv: readonly string[], options?: RunOptions) => Promise<Ran>
  readonly runAsRoot: (argv: readonly string[], options?: RunOptions) => Promise<Ran>
  /** On a desktop, as root. */
  readonly onDesktop: (argv: readonly string[], options?: RunOptions & { desktop?: number }) => Promise<Ran>
  /** A process group of its own: end it with `killGroup` of run.ts. */
  readonly spawnAsAlice: (argv: readonly string[], options?: SpawnOptions) => ChildProcess
  readonly spawnAsRoot: (argv: readonly string[], options?: SpawnOptions) => ChildProcess
  readonly down: () => Promise<void>
}

let opened = 0

/**
 * A fresh lab that lives as long as this process at most: if it crashes or is killed, the lab dies with it.
 * Throws (and leaves nothing) when this machine cannot run one; the text says why and what to install.
 */
export async function openLab(options: OpenOptions = {}): Promise<Lab> {
  const { state } = await start({
    id: labId(options.id ?? process.env['LAB_ID'] ?? `process-${process.pid}-${++opened}`),
    desktops: options.desktops ?? 1,
    scheme: options.scheme ?? 'ssh-ng',
    release: options.release ?? 'trixie',
    laptopRelease: options.laptopRelease ?? 'host',
    profile: options.profile ?? 'ready',
    say: options.say ?? ((line) => process.stderr.write(`lab: ${line}\n`)),
  })
  return face(state)
}

/** A lab that is already up (by `npm run lab -- up`, or the one this process runs inside of); null when there is none. */
export function attachLab(id?: string): Lab | null {
  const state = readState(labId(id ?? process.env['LAB_ID'] ?? labAroundUs()))
  return state && isUp(state) ? face(state) : null
}

function face(state: LabState): Lab {
  const onLaptop =
    (who: Who) =>
    (argv: readonly string[], options: RunOptions = {}) => {
      const { cwd, ...rest } = options
      return run(laptopArgv(state, who, argv, cwd), { ...rest, env: laptopEnv(who, options.env) })
    }
  const spawnOn =
    (who: Who) =>
    (argv: readonly string[], options: SpawnOptions = {}) => {
      const [program = 'false', ...args] = laptopArgv(state, who, argv, options.cwd)
      const env = laptopEnv(who, options.env)
      return spawn(program, args, { env, stdio: options.stdio ?? 'pipe', detached: true })
    }
  return {
    state,
    id: state.id,
    addresses: { laptop: state.laptop.address, desktops: state.desktops.map((desktop) => desktop.address) },
    break: (fault, where = {}) => breakFault(state, fault, where.desktop ?? 1),
    mend: (fault) => (fault === undefined ? mendAll(state) : mendFault(state, fault)),
    forgive: () => forgive(state),
    runAsAlice: onLaptop('alice'),
    runAsRoot: onLaptop('root'),
    onDesktop: (argv, options = {}) => {
      const { desktop = 1, env, cwd, ...rest } = options
      const inside = cwd ? ['env', `--chdir=${cwd}`, ...argv] : argv
      return run(desktopArgv(state, desktop, inside), { ...rest, env: { ...desktopEnv(), ...env } })
    },
    spawnAsAlice: spawnOn('alice'),
    spawnAsRoot: spawnOn('root'),
    down: async () => void (await takeDown(state.id)),
  }
}
