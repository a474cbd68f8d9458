// Where the user's own files begin. Services and cron start programs without HOME, and containers with an empty one.
import { userInfo } from 'node:os'

/** HOME where it is an absolute path, else the user database's word; "/" for a user that it does not know. */
export function homeOf(env: NodeJS.ProcessEnv): string {
  const home = env['HOME']
  if (home?.startsWith('/') === true) return home
  try {
    return userInfo().homedir || '/'
  } catch {
    // A user id without an entry, as containers have it.
    return '/'
  }
}
