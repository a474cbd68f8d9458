// Starts a lab: writes its configuration, hands it to the keeper, waits until both machines answer and a build ran.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ensureBase, type Say } from './base.ts'
import { laptopArgv, laptopEnv } from './enter.ts'
import { demand } from './need.ts'
import { labDir, labsDir, type Release, repoDir, script } from './places.ts'
import { alive, descendants, identify, namespacedPids, type ProcessId, pidNamespaceOf } from './processes.ts'
import { run } from './run.ts'
import {
  type LabState,
  type LaptopRelease,
  type Pids,
  type Profile,
  readKeeper,
  type Scheme,
  writeKeeper,
  writeState,
} from './state.ts'
import { takeDown } from './stop.ts'

export interface StartOptions {
  readonly id: string
  readonly desktops: number
  readonly scheme: Scheme
  readonly release: Release
  readonly laptopRelease: LaptopRelease
  readonly profile: Profile
  readonly say: Say
}

/** Ends the lab's dependence on this process: without it the lab dies when we do. */
export type Detach = () => void

const startDeadlineMs = 180_000
const line = (file: string): string => readFileSync(file, 'utf8').trim()

/** Brings a lab up from nothing (a dead one of the same name is removed first). Leaves nothing behind when it throws. */
export async function start(options: StartOptions): Promise<{ state: LabState; detach: Detach }> {
  demand()
  const base = await ensureBase(options.release, options.say)
  const laptopBase =
    options.laptopRelease === 'host' ? '' : await ensureBase(options.laptopRelease, options.say)
  const dir = await claim(options.id)
  const password = randomBytes(9).toString('base64url')
  const late = process.env['LAB_LATE_MS'] ?? ''
  const config = {
    base,
    laptop_base: laptopBase,
    repo: repoDir,
    node: process.execPath,
    late,
    ...pick(options),
  }
  writeFileSync(
    join(dir, 'config'),
    Object.entries(config)
      .map(([k, v]) => `${k}=${quote(String(v))}\n`)
      .join(''),
  )
  writeFileSync(join(dir, 'admin-password'), `kernelcore:${password}\n`, { mode: 0o600 })
  const { keeper, detach, died } = keep(options.id)
  try {
    await waitFor(join(dir, 'started'), died, options.id)
    const state = describe(options, keeper, password)
    const shared = options.profile === 'ready' ? await firstBuild(state) : null
    const whole = { ...state, sharedPath: shared }
    writeState(whole)
    return { state: whole, detach }
  } catch (error) {
    await takeDown(options.id)
    throw error
  }
}

/** Makes the lab's folder, removing a dead lab's first. Throws when a living lab has that name. */
async function claim(id: string): Promise<string> {
  const kept = readKeeper(id)
  if (kept && alive(kept)) {
    throw new Error(
      `a lab called "${id}" is up already (opened by process ${kept.owner}): take another LAB_ID, or \`LAB_ID=${id} npm run lab -- down\``,
    )
  }
  await takeDown(id)
  for (let tries = 1; ; tries += 1) {
    mkdirSync(labsDir, { recursive: true })
    try {
      mkdirSync(labDir(id), { mode: 0o755 }) // fails where somebody else made it this very moment
      return labDir(id)
    } catch (error) {
      // The last lab that goes takes the empty folder of all labs along, maybe between our two steps.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === 100) throw error
    }
  }
}

const pick = ({ desktops, scheme, profile }: StartOptions) => ({ desktops, scheme, profile })
const quote = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`

/** The keeper in a session of its own (Ctrl-C is not for it), holding the read end of our lifeline as descriptor 3. */
function keep(id: string): { keeper: ProcessId; detach: Detach; died: () => boolean } {
  const log = openSync(join(labDir(id), 'log'), 'a', 0o600)
  const child = spawn('bash', [script('keeper.sh'), labDir(id)], {
    detached: true,
    stdio: ['ignore', log, log, 'pipe'],
    cwd: '/',
  })
  closeSync(log)
  const keeper = child.pid === undefined ? null : identify(child.pid)
  if (!keeper) throw new Error("the lab's keeper could not be started")
  writeKeeper(id, keeper)
  const lifeline = child.stdio[3] as import('node:net').Socket
  lifeline.on('error', () => {}) // the keeper died: whoever uses the lab sees it
  lifeline.unref()
  child.unref()
  return {
    keeper,
    detach: () => void lifeline.end('detach\n'),
    died: () => child.exitCode !== null || child.signalCode !== null,
  }
}

async function waitFor(file: string, died: () => boolean, id: string): Promise<void> {
  const log = openSync(join(labDir(id), 'log'), 'r') // readable even after the keeper has removed it
  const end = Date.now() + startDeadlineMs
  try {
    while (!existsSync(file)) {
      if (died()) throw new Error(`the lab did not start:\n${readFileSync(log, 'utf8').trim()}`)
      if (Date.now() > end)
        throw new Error(`the lab did not start in time:\n${readFileSync(log, 'utf8').trim()}`)
      await sleep(20)
    }
  } finally {
    closeSync(log)
  }
}

function describe(options: StartOptions, keeper: ProcessId, password: string): LabState {
  const dir = labDir(options.id)
  const inLab = new Map<number, number>() // number inside the lab -> number here
  for (const host of descendants(keeper.pid)) {
    const pids = namespacedPids(host)
    const own = pids[1]
    if (own !== undefined) inLab.set(own, host)
  }
  const pids = (file: string): Pids => {
    const lab = Number(line(file))
    const host = inLab.get(lab)
    if (host === undefined) throw new Error(`process ${lab} of the lab is gone`)
    return { lab, host }
  }
  const numbers = Array.from({ length: options.desktops }, (_, i) => i + 1)
  const desktops = numbers.map((n) => {
    const at = pids(join(dir, `desktops/${n}/pid`))
    const bootId = line(`/proc/${at.host}/root/proc/sys/kernel/random/boot_id`)
    return { name: line(join(dir, `desktops/${n}/name`)), address: `10.77.0.${n + 1}`, pids: at, bootId }
  })
  const keys = numbers
    .map((n) => join(dir, `desktops/${n}/cache-pub-key`))
    .map((f) => (existsSync(f) ? line(f) : null))
  const { id, release, laptopRelease, scheme, profile } = options
  const laptop = {
    address: '10.77.0.1',
    pids: pids(join(dir, 'laptop.pid')),
    bootId: line(join(dir, 'laptop/boot_id')),
  }
  const pidNamespace = pidNamespaceOf(laptop.pids.host)
  const admin = { user: 'kernelcore', password }
  const startedAt = new Date().toISOString()
  return {
    id,
    release,
    laptopRelease,
    scheme,
    profile,
    startedAt,
    keeper,
    pidNamespace,
    laptop,
    desktops,
    admin,
    cacheKeys: keys,
    sharedPath: null,
  }
}

/** A real offloaded build as alice: proves the lab and gives the path that both stores share from the start. */
async function firstBuild(state: LabState): Promise<string> {
  const expression = `derivation {
    name = "lab-shared"; system = "x86_64-linux"; builder = "/bin/sh";
    args = [ "-c" "read b < /proc/sys/kernel/random/boot_id; echo $b > $out" ];
  }`
  const argv = [
    'nix-build',
    '--no-out-link',
    '--max-jobs',
    '0',
    '--option',
    'substitute',
    'false',
    '-E',
    expression,
  ]
  const ran = await run(laptopArgv(state, 'alice', argv), { env: laptopEnv('alice'), timeoutMs: 120_000 })
  if (ran.code === 0) return ran.stdout.trim()
  const daemon = line(join(labDir(state.id), 'laptop/nix-daemon.log')) // ssh's own words stand only there
  throw new Error(
    `the lab came up, but its first build failed:\n${ran.stderr}\nthe laptop's nix-daemon says:\n${daemon}`,
  )
}
