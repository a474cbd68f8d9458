// Runs inside the lab's laptop: how long a test build takes to end after Ctrl-C, beside a plain nix-build in its upload.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { probeText } from '../../src/core/test-build/probe-text.ts'
import { alice, asAlice } from './alice.ts'

const tool = resolve(process.argv[2] ?? 'out/main/offload-test-build.cjs')
const runs = Number(process.argv[3] ?? 5)
/** Each way: long enough to be in the middle of it. */
const payload = String(128 * 1024 ** 2)

/** Interrupts the whole group, as a terminal does, once a line says `sign`. In ms, until all it had open is closed. */
function interrupted(argv: readonly [string, ...string[]], sign: RegExp, stream: 'stdout' | 'stderr') {
  const [program, ...args] = argv
  return new Promise<number>((done, fail) => {
    const child = spawn(program, args, { ...alice, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    child[stream === 'stdout' ? 'stderr' : 'stdout'].resume()
    let pulledAt = Number.NaN
    createInterface({ input: child[stream] }).on('line', (line) => {
      if (!Number.isNaN(pulledAt) || !sign.test(line) || child.pid === undefined) return
      pulledAt = performance.now()
      process.kill(-child.pid, 'SIGINT')
    })
    child.on('error', fail)
    child.on('close', () => {
      if (Number.isNaN(pulledAt)) fail(new Error(`${program} ended before it said ${sign}`))
      else done(performance.now() - pulledAt)
    })
  })
}

const ours = (stage: string) =>
  interrupted(
    ['node', tool, '--json', '--payload', payload],
    new RegExp(`"id":"${stage}","state":"running"`),
    'stdout',
  )

const folder = mkdtempSync(join(tmpdir(), 'offload-bench-'))
const file = join(folder, 'probe.nix')
writeFileSync(file, probeText)
const plain = (name: string, tag: string) => {
  const texts = ['--argstr', 'tag', tag, '--argstr', 'system', 'x86_64-linux']
  const sizes = ['--argstr', 'up', payload, '--argstr', 'back', payload]
  return [file, '-A', name, '--no-out-link', ...texts, ...sizes]
}
/** Nix names the desktop as it begins to send there. */
const theirs = async () => {
  const tag = randomUUID()
  await asAlice('nix-build', plain('payload', tag))
  return interrupted(['nix-build', ...plain('probe', tag)], /^building .* on 'ssh/, 'stderr')
}

/** The slowest of all runs: the limit is for every one. */
async function slowest(work: () => Promise<number>): Promise<number> {
  let worst = 0
  for (let run = 0; run < runs; run++) worst = Math.max(worst, await work())
  return worst
}

try {
  chmodSync(folder, 0o755)
  const upload = await slowest(() => ours('upload'))
  const build = await slowest(() => ours('build'))
  const download = await slowest(() => ours('download'))
  console.log(JSON.stringify({ upload, build, download, theirs: await slowest(theirs), runs }))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
