// Runs inside the lab's laptop: offload-test-build, beside one plain nix-build of the same derivations.
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { probeText } from '../../src/core/test-build/probe-text.ts'
import { byTurns } from '../ratio.ts'
import { asAlice } from './alice.ts'

const tool = process.argv[2] ?? 'out/main/offload-test-build.cjs'
const runs = Number(process.argv[3] ?? 9)

const folder = mkdtempSync(join(tmpdir(), 'offload-bench-'))
const file = join(folder, 'probe.nix')
writeFileSync(file, probeText)

/** Ends with 0 only where the build ran on the desktop. */
const ours = () => asAlice('node', [tool, '--json'])
/** A fresh tag each time: what was built once is not built again. One command builds the payload here, the probe there. */
const theirs = () => {
  const texts = ['--argstr', 'tag', randomUUID(), '--argstr', 'system', 'x86_64-linux']
  return asAlice('nix-build', [file, '-A', 'probe', '--no-out-link', ...texts])
}

try {
  chmodSync(folder, 0o755)
  console.log(JSON.stringify({ ...(await byTurns(runs, ours, theirs)), runs }))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
