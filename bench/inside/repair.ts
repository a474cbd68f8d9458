// Runs inside the lab's laptop: a push from signed in to proven, beside ssh-copy-id (which proves nothing) with the same key.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { attachLab } from '../../test/lab/lab.ts'
import { median, timed } from '../ratio.ts'

const start = promisify(execFile)
const tool = resolve(process.argv[2] ?? 'out/main/offload-repair.cjs')
const runs = Number(process.argv[3] ?? 9)
const lab = attachLab()
if (lab === null) throw new Error('this runs inside a lab')
const folder = mkdtempSync(join(tmpdir(), 'bench-repair-'))
const password = 'of-the-benchmark-only'

/** As alice; the time is the program's own, from signed in to the key's proof. */
async function ours(): Promise<number> {
  const { user, password: admin } = lab?.state.admin ?? { user: '', password: '' }
  const args = [
    tool,
    'apply',
    '--json',
    '--yes',
    '--no-test-build',
    '--admin',
    `${user}@desktop`,
    '--password-stdin',
  ]
  const env = { ...process.env, HOME: '/lab/home', USER: 'alice', LANG: 'C.UTF-8' }
  const running = start(process.execPath, args, { uid: 2001, gid: 2001, cwd: '/lab/home', env })
  running.child.stdin?.end(`${admin}\n`)
  const { stdout } = await running
  const last: { ok?: boolean; provenMs?: number } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}')
  if (last.ok !== true || last.provenMs === undefined) throw new Error(`not repaired: ${stdout}`)
  return last.provenMs
}

/** The whole program, as it has no part that stands for "signed in". */
async function theirs(): Promise<number> {
  const env = {
    ...process.env,
    SSH_ASKPASS: join(folder, 'askpass'),
    SSH_ASKPASS_REQUIRE: 'force',
    DISPLAY: ':0',
  }
  return timed(() => start('ssh-copy-id', ['-i', '/etc/nix/builder_key.pub', 'nix-builder@desktop'], { env }))
}

try {
  writeFileSync(join(folder, 'askpass'), `#!/bin/sh\necho ${password}\n`, { mode: 0o755 })
  const times = { ours: [] as number[], theirs: [] as number[] }
  for (let run = -1; run < runs; run++)
    for (const [name, work] of Object.entries({ ours, theirs })) {
      await lab.break('key-refused')
      await lab.forgive()
      await lab.onDesktop(['sh', '-c', `echo nix-builder:${password} | chpasswd`])
      const ms = await work()
      if (run >= 0) times[name as 'ours' | 'theirs'].push(ms)
      await lab.mend()
    }
  console.log(JSON.stringify({ ours: median(times.ours), theirs: median(times.theirs), runs }))
} finally {
  await lab.onDesktop(['usermod', '-p', '*', 'nix-builder'])
  rmSync(folder, { recursive: true, force: true })
}
