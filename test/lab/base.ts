// The desktop's root file system: built once per release, kept in the cache, never half there.
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { lock } from './lock.ts'
import { baseDir, cacheDir, labsDir, mirror, type Release, script } from './places.ts'

export type Say = (line: string) => void

/**
 * Gives the folder of the release's base, building it first where it is missing (a minute or two, about 450 MB).
 * One builder at a time: a second caller waits for the first. A build cut off leaves a `.building` folder that the
 * next one throws away. Throws with the last lines of the build when it fails.
 */
export async function ensureBase(release: Release, say: Say): Promise<string> {
  const target = baseDir(release)
  if (existsSync(target)) return target
  mkdirSync(cacheDir(), { recursive: true })
  const unlock = await lock(join(cacheDir(), `${release}.lock`), () =>
    say(`waiting: another lab is building the ${release} base`),
  )
  try {
    if (existsSync(target)) return target
    for (const old of leftovers(release)) rmSync(join(cacheDir(), old), { recursive: true, force: true })
    const building = `${target}.building`
    say(`building the ${release} base in ${dirname(target)} (once; a minute or two)`)
    await runBuild(release, building, say)
    renameSync(building, target)
    return target
  } finally {
    unlock()
  }
}

/** Cut-off builds, and bases of an older script once no lab can be standing on them. */
function leftovers(release: Release): string[] {
  const idle = !existsSync(labsDir) || readdirSync(labsDir).length === 0
  const ours = readdirSync(cacheDir()).filter((name) => name.startsWith(`${release}-`))
  return ours.filter((name) => idle || name.endsWith('.building'))
}

/** In its own mount and PID namespace: whatever ends it ends its mounts and helpers too. */
function runBuild(release: Release, building: string, say: Say): Promise<void> {
  // Dies with us, by whatever kills us: else an orphan would write on while the next builder starts anew.
  const argv = ['--pdeathsig', 'KILL', 'unshare', '--mount', '--pid', '--fork', '--kill-child=KILL']
  const child = spawn('setpriv', [...argv, 'bash', script('base.sh'), release, building, mirror()], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = () => child.kill('SIGKILL')
  process.once('exit', stop)
  const tail: string[] = []
  const take = (chunk: Buffer) => {
    for (const line of chunk.toString().split('\n')) {
      if (line.trim() === '') continue
      tail.push(line)
      if (tail.length > 15) tail.shift()
      say(`  ${line}`)
    }
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      process.removeListener('exit', stop)
      if (code === 0) resolve()
      else reject(new Error(`building the ${release} base failed (${code}):\n${tail.join('\n')}`))
    })
  })
}
