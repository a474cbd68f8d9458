// The benchmarks by name, what each is measured against, and the limits it must keep.
import { join } from 'node:path'
import type { Ground } from './ground.ts'
import type { Row } from './ratio.ts'

export interface Benchmark {
  readonly name: string
  /** Rows of the table; rejects where it could not be measured. */
  readonly run: (ground: Ground) => Promise<readonly Row[]>
}

interface Pair {
  readonly ours: number
  readonly theirs: number
}
type Timed = Pair & { readonly runs: number }

const tool = (ground: Ground, name: string) => join(ground.app(), 'out/main', `${name}.cjs`)

const keyProof: Benchmark = {
  name: 'key-proof',
  async run(ground) {
    const args = [ground.quick ? '8' : '30']
    const pair = (await ground.inside('root', 'bench/inside/key-proof.ts', args)) as Timed
    const beside = '`ssh -o BatchMode=yes -i KEY nix-builder@desktop true`'
    return [
      { kind: 'ratio', name: 'proof that the key is accepted', beside, unit: 'ms', limit: 0.3, ...pair },
    ]
  },
}

const statusTool: Benchmark = {
  name: 'status',
  async run(ground) {
    const args = [tool(ground, 'offload-status'), ground.quick ? '8' : '30']
    const pair = (await ground.inside('root', 'bench/inside/status.ts', args)) as Timed
    const beside = '`ping -c 1`, `curl` of nix-cache-info, `ssh` echo, one after the other'
    return [
      {
        kind: 'ratio',
        name: '`offload-status --json`, whole process',
        beside,
        unit: 'ms',
        limit: 1,
        ...pair,
      },
    ]
  },
}

const hundred: Benchmark = {
  name: 'hundred',
  async run(ground) {
    const args = [tool(ground, 'offload-status'), ground.quick ? '3' : '9']
    const found = (await ground.inside('root', 'bench/inside/hundred.ts', args)) as Timed & { peakMB: Pair }
    const { peakMB, ...pair } = found
    const beside = 'the same with 1 of them'
    return [
      { kind: 'ratio', name: '100 builders, `offload-status --json`', beside, unit: 'ms', limit: 5, ...pair },
      { kind: 'ratio', name: 'its greatest memory', beside, unit: 'MB', limit: 2, runs: 1, ...peakMB },
    ]
  },
}

interface TrayNumbers {
  readonly start: Pair
  readonly memory: Pair
  readonly processes: Pair
  readonly idleCpu: number
  readonly idleSeconds: number
  readonly runs: number
}

const tray: Benchmark = {
  name: 'tray',
  async run(ground) {
    const { dist } = await ground.electron()
    const args = [ground.app(), ...(ground.quick ? ['3', '60'] : ['7', '300'])]
    const env = { ELECTRON_OVERRIDE_DIST_PATH: dist }
    const found = (await ground.inside('alice', 'bench/inside/tray.ts', args, env)) as TrayNumbers
    const { start, memory, processes, idleCpu, idleSeconds, runs } = found
    const beside = 'a bare Electron tray'
    const kinds = `${processes.ours} and ${processes.theirs} processes`
    return [
      { kind: 'ratio', name: 'tray: start to icon', beside, unit: 'ms', limit: 1.3, runs, ...start },
      {
        kind: 'ratio',
        name: `tray: memory (PSS, ${kinds})`,
        beside,
        unit: 'MB',
        limit: 1.1,
        runs,
        ...memory,
      },
      {
        kind: 'most',
        name: `tray: processor, ${idleSeconds} s idle, helpers included`,
        beside: 'the limit alone',
        theirs: null,
        ours: idleCpu,
        unit: '% of a core',
        limit: 0.2,
        runs: 1,
      },
    ]
  },
}

const parser: Benchmark = {
  name: 'parser',
  async run(ground) {
    // What outgrows this heap ends the process, and so the benchmark.
    const flags = ['--max-old-space-size=64']
    const args = ['100', ground.quick ? '3' : '9']
    const { peakMB, ...pair } = (await ground.here('bench/parser.ts', args, flags)) as Timed & {
      peakMB: number
    }
    return [
      {
        kind: 'ratio',
        name: `100 MB of internal-json in a heap of 64 MB (resident: ${peakMB.toFixed(0)} MB)`,
        beside: '`JSON.parse` alone of the same lines',
        unit: 'ms',
        limit: 1.5,
        runs: pair.runs,
        ours: pair.ours,
        theirs: pair.theirs,
      },
    ]
  },
}

type ThreeWays = Timed & { readonly byHand: number; readonly own: number }

const testBuild: Benchmark = {
  name: 'test-build',
  async run(ground) {
    const measure = async (runs: number, bytes: number) => {
      const args = [tool(ground, 'offload-test-build'), String(runs), String(bytes)]
      return (await ground.inside('root', 'bench/inside/test-build.ts', args)) as ThreeWays
    }
    const usual = await measure(ground.quick ? 5 : 15, 1024 ** 2)
    const large = await measure(ground.quick ? 3 : 5, 16 * 1024 ** 2)
    return [...testBuildRows('1 MiB', usual), ...testBuildRows('16 MiB', large)]
  },
}

function testBuildRows(size: string, { ours, theirs, byHand, own, runs }: ThreeWays): readonly Row[] {
  const name = `\`offload-test-build\`, ${size} each way`
  const base = { kind: 'ratio', name, unit: 'ms', limit: 1.1, runs, ours } as const
  const inTray = { ...base, name: `test build in the running tray, ${size} each way`, ours: own }
  const two = { beside: 'the two `nix-build`s that it prints', theirs: byHand }
  const one = { beside: 'one `nix-build` of both', theirs }
  return [
    { ...inTray, ...two },
    { ...inTray, ...one },
    { ...base, ...two },
    { ...base, ...one },
  ]
}

type Cancelled = Readonly<Record<'upload' | 'build' | 'download' | 'theirs' | 'runs', number>>

const cancel: Benchmark = {
  name: 'cancel',
  async run(ground) {
    const args = [tool(ground, 'offload-test-build'), ground.quick ? '2' : '5']
    const found = (await ground.inside('root', 'bench/inside/cancel.ts', args)) as Cancelled
    const row = (stage: 'upload' | 'build' | 'download', beside: string, theirs: number | null): Row => ({
      kind: 'most',
      name: `Ctrl-C during the ${stage} of 128 MiB: to the end of all, slowest run`,
      beside,
      theirs,
      ours: found[stage],
      unit: 'ms',
      limit: 1000,
      runs: found.runs,
    })
    return [
      row('upload', 'Ctrl-C of a plain `nix-build` that uploads the same', found.theirs),
      row('build', 'the limit alone', null),
      row('download', 'the limit alone', null),
    ]
  },
}

const push: Benchmark = {
  name: 'push',
  async run(ground) {
    const args = [tool(ground, 'offload-repair'), ground.quick ? '5' : '15']
    const pair = (await ground.inside('root', 'bench/inside/repair.ts', args)) as Timed
    const beside = '`ssh-copy-id`, which proves nothing'
    const name = '`offload-repair apply`, from signed in to the key proven'
    return [{ kind: 'ratio', name, beside, unit: 'ms', limit: 0.7, ...pair }]
  },
}

/** In the order they are run and printed. */
export const benchmarks: readonly Benchmark[] = [
  keyProof,
  statusTool,
  hundred,
  tray,
  parser,
  testBuild,
  cancel,
  push,
]

/** Those named in `only` (comma-separated), in the list's order; null means all. A wrong name is given back. */
export function chooseBenchmarks(
  only: string | null,
): { readonly chosen: readonly Benchmark[] } | { readonly wrong: string } {
  if (only === null) return { chosen: benchmarks }
  const names = only.split(',').map((name) => name.trim())
  const wrong = names.find((name) => !benchmarks.some((one) => one.name === name))
  return wrong === undefined ? { chosen: benchmarks.filter((one) => names.includes(one.name)) } : { wrong }
}
