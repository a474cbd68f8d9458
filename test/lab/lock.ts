// A lock that dies with its holder: util-linux's flock held by a child that waits on our pipe.
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Takes an exclusive lock on `file`, calling `waiting` once if somebody else holds it. The returned function gives it
 * back; the kernel does so when this process dies in any way.
 */
export async function lock(file: string, waiting: () => void): Promise<() => void> {
  const holder = spawn('flock', ['-x', file, 'sh', '-c', 'echo locked; exec cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  })
  const slow = setTimeout(waiting, 500)
  const first = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit').then(() => null)])
  clearTimeout(slow)
  if (!first) throw new Error(`cannot lock ${file}`)
  return () => holder.stdin.end()
}
