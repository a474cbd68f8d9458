// How this user may become root of this laptop.
import { access, constants } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'

/** Being root, pkexec on PATH, or not at all. */
export async function rootWay(env: NodeJS.ProcessEnv): Promise<'self' | 'pkexec' | 'none'> {
  if (process.getuid?.() === 0) return 'self'
  return (await isOnPath('pkexec', env)) ? 'pkexec' : 'none'
}

/** Whether a program stands in a folder of PATH; relative folders do not count. */
export async function isOnPath(name: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter(isAbsolute)
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, name), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}
