// Runs inside the lab's laptop: offload-status, beside the three commands people type today, one after the other.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { byTurns } from '../ratio.ts'

const run = promisify(execFile)
const tool = process.argv[2] ?? 'out/main/offload-status.cjs'
const runs = Number(process.argv[3] ?? 20)

/** As alice, who cannot read the private key. */
const alice = { uid: 2001, gid: 2001, env: { ...process.env, HOME: '/lab/home', USER: 'alice' } }

const status = () => run('node', [tool, '--json'], alice)
const byHand = async () => {
  await run('ping', ['-c', '1', 'desktop'])
  await run('curl', ['-sf', 'http://desktop:5000/nix-cache-info'])
  await run('ssh', ['-i', '/etc/nix/builder_key', 'nix-builder@desktop', 'echo ok'])
}

console.log(JSON.stringify({ ...(await byTurns(runs, status, byHand)), runs }))
