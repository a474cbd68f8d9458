// Runs inside the lab's laptop: offload-status with a hundred builders, beside offload-status with one of them.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Snapshot } from '../../src/shared/status.ts'
import { byTurns } from '../ratio.ts'
import { asAlice } from './alice.ts'

const tool = resolve(process.argv[2] ?? 'out/main/offload-status.cjs')
const runs = Number(process.argv[3] ?? 7)
const machines = '/etc/nix/machines'

function startDesktops(): { readonly child: ChildProcess; readonly rows: Promise<readonly string[]> } {
  const args = ['--import', 'tsx', 'bench/inside/many-desktops.ts', '100', '5']
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const rows = new Promise<readonly string[]>((give, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => give(JSON.parse(line)))
    child.once('exit', (code) => reject(new Error(`the desktops did not start: ${code}`)))
  })
  return { child, rows }
}

/** Looks at as many builders as there are rows, and throws where not each of them took the key. */
async function look(rows: readonly string[]): Promise<void> {
  writeFileSync(machines, `${rows.join('\n')}\n`)
  const { stdout } = await asAlice('node', [tool, '--json'], [0, 1])
  const { builders } = JSON.parse(stdout) as Snapshot
  const proven = builders.filter((one) =>
    one.checks.some((check) => check.id === 'builder-key' && check.state === 'pass'),
  )
  if (proven.length !== rows.length) throw new Error(`only ${proven.length} of ${rows.length} were proven`)
}

/** The greatest resident memory of one look, in MB. */
async function peak(rows: readonly string[]): Promise<number> {
  writeFileSync(machines, `${rows.join('\n')}\n`)
  const args = ['--require', `${process.cwd()}/bench/inside/report-peak.cjs`, tool, '--json']
  const { stderr } = await asAlice('node', args, [0, 1])
  const found = /^peak ([\d.]+)$/m.exec(stderr)?.[1]
  if (found === undefined) throw new Error(`no peak in: ${stderr}`)
  return Number(found)
}

const before = readFileSync(machines)
const desktops = startDesktops()
try {
  const rows = await desktops.rows
  const one = rows.slice(0, 1)
  const times = await byTurns(runs, { ours: () => look(rows), theirs: () => look(one) })
  console.log(JSON.stringify({ ...times, runs, peakMB: { ours: await peak(rows), theirs: await peak(one) } }))
} finally {
  writeFileSync(machines, before)
  desktops.child.stdin?.end()
}
