// Where sshd looks for a user's keys, and who may write there: facts -> the file to push to, and what StrictModes refuses.
import { cleanText } from '../desktop/clean-text.ts'
import type { KeysFile, SurveyFacts, TrailEntry } from './survey-facts.ts'

/** A path of sshd's with its %-signs filled (sshd_config(5), TOKENS); relative ones stand in the home folder. */
export function expandPath(pattern: string, user: { name: string; home: string; uid: string }): string {
  const filled = pattern.replace(/%([huU%])/g, (_, token: string) => {
    if (token === 'h') return user.home
    if (token === 'u') return user.name
    return token === 'U' ? user.uid : '%'
  })
  return filled.startsWith('/') ? filled : `${user.home}/${filled}`
}

/** The folder a path stands in. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf('/')
  return at <= 0 ? '/' : path.slice(0, at)
}

/** Made anew by NixOS at each switch, so that nothing can be pushed there. */
export function isDeclared(file: Pick<KeysFile, 'path' | 'real'>, nixos: boolean): boolean {
  return file.real.startsWith('/nix/store/') || (nixos && file.path.startsWith('/etc/ssh/authorized_keys.d/'))
}

/**
 * Whether a link in the user's own home decides where the file is, and leads out of it: to /etc/shadow, say. Root would write
 * for the user there, or open it to them.
 */
export function leadsAway({ path, real, trail }: KeysFile, { user }: SurveyFacts): boolean {
  const inHome = (place: string) => user.home !== '' && place.startsWith(`${user.home}/`)
  if (!inHome(path)) return false
  // A trail begins at the home, links followed, where the file is below it.
  const outside = trail[0]?.path === '/' && real !== path
  return outside || trail.some((entry) => entry.kind === 'link' && inHome(entry.path))
}

export type Fault = 'owner' | 'writable' | 'closed'

/** What sshd would not accept about a place, under StrictModes (misc.c, safe_path_fd); null: nothing. */
export function faultOf(entry: TrailEntry, facts: SurveyFacts): Fault | null {
  // A link has no mode of its own: sshd judges where it leads.
  if (entry.kind === 'missing' || entry.kind === 'denied' || entry.kind === 'link') return null
  const { uid } = facts.user
  const mode = Number.parseInt(entry.mode, 8)
  if (entry.uid !== 0 && entry.uid !== uid) return 'owner'
  if ((mode & 0o002) !== 0) return 'writable'
  if ((mode & 0o020) !== 0 && !isPrivateGroup(entry, facts)) return 'writable'
  // sshd reads as the user: what only root may read or enter is as good as not there.
  const needed = entry.kind === 'folder' ? 0o1 : 0o4
  const bits = entry.uid === uid ? mode >> 6 : entry.gid === facts.user.gid ? mode >> 3 : mode
  return (bits & needed) === 0 ? 'closed' : null
}

/** Debian's sshd lets a user's own group write, where nobody else is in it (its patch user-group-modes). */
function isPrivateGroup(entry: TrailEntry, { os, user }: SurveyFacts): boolean {
  const debian = /\b(debian|ubuntu)\b/.test(`${os.id} ${os.like}`)
  return debian && entry.uid === user.uid && entry.gid === user.gid && !user.groupShared
}

/** "nix-builder:nix-builder 0700" */
export function looksOf(entry: TrailEntry): string {
  return cleanText(`${entry.owner}:${entry.group} ${entry.mode.padStart(4, '0')}`, 200)
}
