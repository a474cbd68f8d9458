// What the benchmarks stand on: a lab of their own, and programs run inside it that print one line of JSON.
import { execFile } from 'node:child_process'
import { chmodSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findElectron } from '../scripts/electron-dist.ts'
import { type Lab, openLab } from '../test/lab/lab.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')

export interface Ground {
  readonly quick: boolean
  /** On the lab's laptop, as root or as the unprivileged user. `script` is a path below the repository. */
  inside(who: 'root' | 'alice', script: string, args: readonly string[], env?: Env): Promise<unknown>
  /** On this machine, by a node with these flags. */
  here(script: string, args: readonly string[], flags: readonly string[]): Promise<unknown>
  /** A folder with the built app: a copy, so that a build meanwhile changes nothing under a measurement. */
  app(): string
  /** An Electron that no other process runs: memory that is shared with strangers would look smaller than it is. */
  electron(): Promise<{ readonly dist: string; readonly version: string }>
  /** Of the programs that took part so far. */
  versions(): Promise<Readonly<Record<string, string>>>
  close(): Promise<void>
}

type Env = Readonly<Record<string, string>>

/** sshd is told not to count what a benchmark does to it on purpose: many broken sign-ins a second. */
const patience = `printf 'PerSourcePenalties no\\nMaxStartups 200\\n' > /etc/ssh/sshd_config.d/00-bench.conf && systemctl restart ssh`

/** Nothing is started before it is asked for. */
export function createGround(quick: boolean): Ground {
  let opened: Promise<Lab> | undefined
  const folder = mkdtempSync(join(tmpdir(), 'offload-bench-'))
  // Readable for the lab's unprivileged user, which a cache in root's home is not.
  chmodSync(folder, 0o755)
  let app: string | undefined
  let copied: Promise<{ dist: string; version: string }> | undefined
  const lab = () => {
    opened ??= openPatientLab()
    return opened
  }
  const electron = () => {
    copied ??= ownElectron(folder)
    return copied
  }
  return {
    quick,
    app: () => {
      app ??= copyApp(folder)
      return app
    },
    electron,
    async inside(who, script, args, env = {}) {
      const { runAsAlice, runAsRoot } = await lab()
      const argv = ['node', '--import', 'tsx', script, ...args]
      const runIt = who === 'root' ? runAsRoot : runAsAlice
      return readAnswer(script, await runIt(argv, { cwd: root, env, timeoutMs: 1_800_000 }))
    },
    async here(script, args, flags) {
      const argv = [...flags, '--import', 'tsx', script, ...args]
      return readAnswer(script, { code: 0, ...(await run(process.execPath, argv, { cwd: root })) })
    },
    async versions() {
      const inLab = opened === undefined ? {} : await labVersions(await opened)
      return copied === undefined ? inLab : { ...inLab, Electron: (await copied).version }
    },
    async close() {
      rmSync(folder, { recursive: true, force: true })
      if (opened !== undefined) await (await opened).down()
    },
  }
}

async function openPatientLab(): Promise<Lab> {
  const lab = await openLab({ id: process.env['LAB_ID'] ?? 'bench' })
  const told = await lab.onDesktop(['sh', '-c', patience])
  if (told.code !== 0) throw new Error(`sshd would not be patient: ${told.stderr}`)
  return lab
}

async function ownElectron(folder: string): Promise<{ dist: string; version: string }> {
  const { dist, version } = await findElectron()
  const own = join(folder, 'electron')
  cpSync(dist, own, { recursive: true, verbatimSymlinks: true })
  return { dist: own, version }
}

function copyApp(folder: string): string {
  const app = join(folder, 'app')
  cpSync(join(root, 'out'), join(app, 'out'), { recursive: true })
  cpSync(join(root, 'package.json'), join(app, 'package.json'))
  for (const name of ['assets', 'node_modules']) symlinkSync(join(root, name), join(app, name))
  return app
}

async function labVersions(lab: Lab): Promise<Readonly<Record<string, string>>> {
  const first = (text: string, pattern: RegExp) => pattern.exec(text)?.[0] ?? 'unknown'
  const number = /\d+\.\d+(\.\d+)?(p\d+)?/
  const [nix, desktopNix, sshd] = await Promise.all([
    lab.runAsAlice(['nix', '--version']),
    lab.onDesktop(['nix', '--version']),
    lab.onDesktop(['ssh', '-V']),
  ])
  return {
    'Nix on the laptop': first(nix.stdout, number),
    'on the desktop': first(desktopNix.stdout, number),
    OpenSSH: first(sshd.stderr, number),
  }
}

/** The last line of what it printed. */
function readAnswer(script: string, ran: { code: number; stdout: string; stderr: string }): unknown {
  if (ran.code !== 0) throw new Error(`${script} ended with ${ran.code}: ${ran.stderr.slice(-2000)}`)
  return JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '')
}
