// Runs the built offload-test-build on the lab's laptop as its unprivileged user, and reads its events.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type StageId, stageIds } from '../../src/shared/test-build.ts'
import { desktopArgv, desktopEnv } from '../lab/enter.ts'
import type { Lab } from '../lab/lab.ts'
import { killGroup } from '../lab/run.ts'

/** What is tested. Another build than the project's own may be tested by naming it. */
export const program =
  process.env['OFFLOAD_TEST_BUILD'] ??
  fileURLToPath(new URL('../../out/main/offload-test-build.cjs', import.meta.url))

export interface ResultLine {
  readonly type: 'result'
  readonly ok: boolean
  readonly builder: string | null
  readonly uri: string | null
  readonly cause?: string
  readonly params?: Readonly<Record<string, string | number>>
  readonly raw?: string
  readonly stage?: StageId
  readonly cancelled?: boolean
  readonly ms: number
  readonly stages: readonly { readonly id: StageId; readonly ms: number }[]
  readonly remote?: { readonly bootId: string; readonly kernel: string }
  readonly outPath?: string
  readonly asRoot?: { readonly state: string; readonly cause?: string }
  readonly asked?: { readonly builder: string; readonly heeded: boolean }
}

export type EventLine =
  | ResultLine
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'stage'; readonly id: StageId; readonly state: string; readonly ms: number }

export interface Seen {
  readonly code: number | null
  readonly events: readonly EventLine[]
  readonly result: ResultLine
  /** Of the whole process, in ms. */
  readonly ms: number
}

/** /tmp is this machine's own, and other labs' test builds come and go in it. */
const temporary = '/lab/home/tmp'

export interface RunOptions {
  /** Another program for node than offload-test-build, which prints the same events. */
  readonly instead?: readonly string[]
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Called with every event as it comes, and the process it comes from. */
  readonly onEvent?: (event: EventLine, child: ChildProcess) => void
}

/**
 * The options of a build that is given up after `silentMs` without a sign from that stage on. A busy machine may need
 * longer for what comes before.
 */
export function impatient(silentMs: number, from: StageId, payloadBytes: number): RunOptions {
  const stalls = Object.fromEntries(stageIds.slice(stageIds.indexOf(from)).map((id) => [id, silentMs]))
  const script = fileURLToPath(new URL('stalling-build.ts', import.meta.url))
  const tsx = createRequire(import.meta.url).resolve('tsx')
  return {
    instead: ['--import', tsx, script],
    env: { STALLS: JSON.stringify(stalls), PAYLOAD: String(payloadBytes), TSX_DISABLE_CACHE: '1' },
  }
}

/** One test build with --json. Throws with the program's own words where it ends without a result. */
export async function testBuild(lab: Lab, options: RunOptions = {}): Promise<Seen> {
  if (!existsSync(program)) throw new Error(`${program} is missing: run \`npm run build\` first`)
  await lab.forgive()
  const began = performance.now()
  const argv = [process.execPath, ...(options.instead ?? [program, '--json']), ...(options.args ?? [])]
  await lab.runAsAlice(['mkdir', '-p', temporary])
  const child = lab.spawnAsAlice(argv, { env: { TMPDIR: temporary, ...options.env } })
  const tooLong = setTimeout(() => killGroup(child), 100_000)
  const events: EventLine[] = []
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as EventLine
      events.push(event)
      options.onEvent?.(event, child)
    })
  }
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  clearTimeout(tooLong)
  const result = events.find((event) => event.type === 'result')
  if (result === undefined) throw new Error(`offload-test-build ended with ${code}: ${said}`)
  return { code, events, result, ms: performance.now() - began }
}

/** Something that is ready to happen on the desktop within milliseconds: `pull` lets the shell text run, `first` runs before. */
export async function armed(
  lab: Lab,
  text: string,
  first = ':',
): Promise<{ pull(): void; done: Promise<void> }> {
  const [file = 'false', ...args] = desktopArgv(lab.state, 1, [
    'bash',
    '-c',
    `echo armed; ${first}; read -r _; ${text}`,
  ])
  const child = spawn(file, args, { env: desktopEnv(), stdio: ['pipe', 'pipe', 'inherit'] })
  const done = new Promise<void>((resolve) => child.on('close', () => resolve()))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return { pull: () => child.stdin.end('go\n'), done }
}

/** Shell text for a desktop: stops the next test build's builder there as soon as it runs, so that it does not end. */
export const holdBuild =
  'until builder=$(pgrep -of "[o]ffload-test-build: start"); do sleep 0.02; done; kill -STOP $builder'

/** When a stage begins, do this once. */
export function when(stage: StageId, act: (child: ChildProcess) => void): RunOptions['onEvent'] {
  let acted = false
  return (event, child) => {
    if (acted || event.type !== 'stage' || event.id !== stage || event.state !== 'running') return
    acted = true
    act(child)
  }
}

/**
 * While `work` runs, what the desktop sends takes its time (25 MB/s), where its kernel can do that: nothing is over before
 * a test on a busy machine has acted in its middle.
 */
export async function sentSlowly<T>(lab: Lab, work: () => Promise<T>): Promise<T> {
  const shape = 'rate 200mbit burst 256kb latency 100ms'
  await lab.onDesktop(['sh', '-c', `tc qdisc replace dev lan0 root tbf ${shape}`])
  try {
    return await work()
  } finally {
    await lab.onDesktop(['tc', 'qdisc', 'del', 'dev', 'lan0', 'root'])
  }
}

/** What a test build could leave: processes, temporary files, held locks and gc roots, on both sides. */
export async function leftovers(lab: Lab): Promise<readonly string[]> {
  const script = `
    for pid in $(ls /proc | grep -E '^[0-9]+$'); do
      words=$(tr '\\0' ' ' 2>/dev/null </proc/$pid/cmdline) || continue
      case $words in *'bash -c'*|*'sh -c'*) ;; *nix-build*|*build-remote*|*'nix-store --serve'*|*nix-daemon*--stdio*|*offload-pro*) echo "process $words" ;; esac
    done
    [ ! -d ${temporary} ] || find ${temporary} -mindepth 1
    find /nix/var/nix/gcroots /nix/var/nix/temproots -type l -o -name '*offload*' | xargs -r readlink 2>/dev/null | grep offload
    find /nix/store -maxdepth 1 \\( -name '.tmp*' -o -name '*.chroot' \\)
    # A failed build's .lock file is Nix's own habit, on any version; held it must not be.
    for lock in /nix/var/nix/current-load/* /nix/store/*offload*.lock; do
      [ -e "$lock" ] && grep -q ":$(stat -c %i "$lock") " /proc/locks && echo "held $lock"
    done
    true`
  const [here, there] = await Promise.all([
    lab.runAsRoot(['bash', '-c', script]),
    lab.onDesktop(['bash', '-c', script]),
  ])
  const lines = (text: string, where: string) =>
    text.split('\n').flatMap((line) => (line === '' ? [] : [`${where}: ${line}`]))
  return [
    ...lines(here.stdout + here.stderr, 'laptop'),
    ...lines(there.stdout + there.stderr, 'desktop'),
  ].sort()
}

/** The other side hears late that we are gone, the later the busier the machine. */
const patienceMs = 40_000

/** Waits until nothing more is left than `before`, and what `mayStay` names; gives what is. */
export async function leftBehind(
  lab: Lab,
  before: readonly string[],
  mayStay: (line: string) => boolean = () => false,
): Promise<readonly string[]> {
  const until = performance.now() + patienceMs
  for (;;) {
    const more = (await leftovers(lab)).filter((line) => !before.includes(line) && !mayStay(line))
    if (more.length === 0 || performance.now() > until) return more
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
