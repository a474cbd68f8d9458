// How this person may well sign in: the name that ssh_config gives them on the desktop, and their own key files.
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Builder } from '../laptop/facts.ts'
import { run } from '../laptop/run.ts'

/** The login user for the desktop: ssh_config's for its name without Nix's user in front, else this user's own name. */
export async function adminUserOf({ host }: Pick<Builder, 'host'>, env: NodeJS.ProcessEnv): Promise<string> {
  const own = env['USER'] ?? env['LOGNAME'] ?? 'root'
  if (host.startsWith('-')) return own
  const asked = await run('ssh', ['-G', host], { env, deadlineMs: 2000 })
  if (asked.state !== 'done' || asked.code !== 0) return own
  return /^user (\S+)$/m.exec(asked.stdout)?.[1] ?? own
}

/** Private keys in ~/.ssh under OpenSSH's usual names. */
export async function keyFilesOf(home: string): Promise<readonly string[]> {
  const folder = join(home, '.ssh')
  const names = await readdir(folder).catch(() => [])
  const likely = names.filter((name) => /^id_[\w.-]+$/.test(name) && !name.endsWith('.pub')).sort()
  const files = likely.slice(0, 20).map((name) => join(folder, name))
  const are = await Promise.all(files.map(isPrivateKey))
  return files.filter((_, index) => are[index])
}

async function isPrivateKey(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'r')
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0)
      return /^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(buffer.toString('latin1', 0, bytesRead))
    } finally {
      await handle.close()
    }
  } catch {
    return false // not readable by this user: it cannot be used either
  }
}
