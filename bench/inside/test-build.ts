// Runs inside the lab's laptop: offload-test-build, beside one plain nix-build of the same derivations.
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { probeText } from '../../src/core/test-build/probe-text.ts'
import { byTurns, median } from '../ratio.ts'
import { asAlice } from './alice.ts'

const tool = resolve(process.argv[2] ?? 'out/main/offload-test-build.cjs')
const runs = Number(process.argv[3] ?? 9)
/** Each way, in bytes. */
const payload = process.argv[4] ?? String(1024 ** 2)

const folder = mkdtempSync(join(tmpdir(), 'offload-bench-'))
const file = join(folder, 'probe.nix')
writeFileSync(file, probeText)

/** What each test build says it took itself, in ms: all of it but Node's start, as in the tray, which runs already. */
const own: number[] = []
/** Ends with 0 only where the build ran on the desktop. */
const ours = async () => {
  const { stdout } = await asAlice('node', [tool, '--json', '--payload', payload])
  const { ms } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { readonly ms: number }
  own.push(ms)
}
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

try {
  chmodSync(folder, 0o755)
  const measured = await byTurns(runs, { ours, theirs: inOne, byHand })
  // The first turn is not measured.
  console.log(JSON.stringify({ ...measured, own: median(own.slice(1)), runs }))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
