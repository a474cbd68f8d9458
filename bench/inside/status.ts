// Runs inside the lab's laptop: offload-status, beside the three commands people type today, one after the other.
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { byTurns } from '../ratio.ts'
import { asAlice } from './alice.ts'

const run = promisify(execFile)
const tool = resolve(process.argv[2] ?? 'out/main/offload-status.cjs')
const runs = Number(process.argv[3] ?? 20)

/** As alice, who cannot read the private key. Rejects where anything is not ready. */
const status = () => asAlice('node', [tool, '--json'])
/** As root, who can: alice's ssh would only be refused. */
const byHand = async () => {
  await run('ping', ['-c', '1', 'desktop'])
  await run('curl', ['-sf', 'http://desktop:5000/nix-cache-info'])
  await run('ssh', ['-i', '/etc/nix/builder_key', 'nix-builder@desktop', 'echo ok'])
}

console.log(JSON.stringify({ ...(await byTurns(runs, { ours: status, theirs: byHand })), runs }))
