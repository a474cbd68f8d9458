// Runs inside the lab's laptop: the proof that the key is accepted, beside the ssh command a person would type.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { proveBuilder, type SshTarget } from '../../src/core/desktop/prove.ts'
import type { BuilderKeyFile } from '../../src/core/laptop/facts.ts'
import { byTurns } from '../ratio.ts'

const run = promisify(execFile)
const key = '/etc/nix/builder_key'
const runs = Number(process.argv[2] ?? 30)

/** The public half alone, as the tray has it: the private key is root's. */
async function publicHalf(): Promise<BuilderKeyFile> {
  const publicKeyLine = (await readFile(`${key}.pub`, 'utf8')).trim()
  return {
    state: 'present',
    path: key,
    mode: 0o600,
    ownerUid: 0,
    privateKey: null,
    publicKeyLine,
    problems: [],
  }
}

async function hostKeyLine(): Promise<string> {
  const row = (await readFile('/etc/nix/machines', 'utf8')).split('\n').find((line) => line.startsWith('ssh'))
  return Buffer.from(row?.split(/\s+/)[7] ?? '', 'base64')
    .toString()
    .trim()
}

const target: SshTarget = {
  address: { host: 'desktop', port: 22, user: 'nix-builder' },
  displayHost: 'desktop',
  keyFile: await publicHalf(),
  hostKeyLine: await hostKeyLine(),
  knownHosts: [],
}
/** Without the queue that spares sshd: the lab's sshd was told not to count. */
const noLimiter = { run: <T>(_key: string, work: () => Promise<T>) => work() }

const prove = async () => {
  const proof = await proveBuilder(target, 5000, noLimiter)
  if (proof.key !== 'accepted') throw new Error(`not proven: ${JSON.stringify(proof.problem)}`)
}
const ssh = () => run('ssh', ['-o', 'BatchMode=yes', '-i', key, 'nix-builder@desktop', 'true'])

console.log(JSON.stringify({ ...(await byTurns(runs, { ours: prove, theirs: ssh })), runs }))
