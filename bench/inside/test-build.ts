// Runs inside the lab's laptop: offload-test-build and the running tray's test build, beside plain nix-build of the same
// derivations.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { probeText } from '../../src/core/test-build/probe-text.ts'
import { byTurns } from '../ratio.ts'
import { alice, asAlice } from './alice.ts'

const tool = resolve(process.argv[2] ?? 'out/main/offload-test-build.cjs')
const runs = Number(process.argv[3] ?? 9)
/** Each way, in bytes. */
const payload = process.argv[4] ?? String(1024 ** 2)

const folder = mkdtempSync(join(tmpdir(), 'offload-bench-'))
const file = join(folder, 'probe.nix')
writeFileSync(file, probeText)

/** Ends with 0 only where the build ran on the desktop. */
const ours = () => asAlice('node', [tool, '--json', '--payload', payload])
/** The same in a process that runs already: from the click to the verdict. */
const tray = await startRunning()
const plain = (name: string, tag: string, how: readonly string[] = []) => {
  const texts = ['--argstr', 'tag', tag, '--argstr', 'system', 'x86_64-linux']
  const sizes = ['--argstr', 'up', payload, '--argstr', 'back', payload]
  return asAlice('nix-build', [...how, file, '-A', name, '--no-out-link', ...texts, ...sizes])
}
/** A fresh tag each time: what was built once is not built again. One command builds the payload here, the probe there. */
const inOne = () => plain('probe', randomUUID())
/** As `reproduceText` tells a person to do it: each build held to its place. */
const byHand = async () => {
  const tag = randomUUID()
  const noSubstitute = ['--option', 'substitute', 'false']
  await plain('payload', tag, ['--builders', '', '--max-jobs', '1', ...noSubstitute])
  await plain('probe', tag, ['--max-jobs', '0', ...noSubstitute])
}

async function startRunning(): Promise<{ build(): Promise<void>; stop(): void }> {
  const script = join(import.meta.dirname, 'running-build.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, payload], {
    ...alice,
    cwd: join(import.meta.dirname, '../..'),
    env: { ...alice.env, TSX_DISABLE_CACHE: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (expected: string) => {
    const { value } = await lines.next()
    if (value !== expected) throw new Error(`the running test build says ${value}`)
  }
  await answer('ready')
  return {
    build() {
      child.stdin.write('go\n')
      return answer('built')
    },
    stop: () => child.stdin.end(),
  }
}

try {
  chmodSync(folder, 0o755)
  const measured = await byTurns(runs, { ours, own: tray.build, theirs: inOne, byHand })
  console.log(JSON.stringify({ ...measured, runs }))
} finally {
  tray.stop()
  rmSync(folder, { recursive: true, force: true })
}
