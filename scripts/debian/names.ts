// What a package is called on this release: Debian 13 and Ubuntu 24.04 gave some libraries the suffix t64 (64-bit time_t).

/** Those of our packages that were renamed in the time_t transition. */
const renamed = new Set([
  'libgtk-3-0',
  'libasound2',
  'libcups2',
  'libatk1.0-0',
  'libatk-bridge2.0-0',
  'libatspi2.0-0',
  'libglib2.0-0',
])

/** Which release this is, from os-release: `debian` is the ID or one of ID_LIKE. */
export interface System {
  debianLike: boolean
  /** True where apt's lists say nothing and the release is known to use the t64 names. */
  t64: boolean
}

/** Reads os-release's text (freedesktop os-release(5)). */
export function readSystem(osRelease: string): System {
  const value = (name: string) =>
    new RegExp(`^${name}=["']?([^"'\n]*)["']?$`, 'm').exec(osRelease)?.[1]?.toLowerCase() ?? ''
  const id = value('ID')
  const like = `${id} ${value('ID_LIKE')}`.split(' ')
  const version = Number.parseFloat(value('VERSION_ID'))
  // Debian testing and sid carry no VERSION_ID.
  const debian = id === 'debian' && (Number.isNaN(version) || version >= 13)
  return {
    debianLike: like.includes('debian') || like.includes('ubuntu'),
    t64: debian || (id === 'ubuntu' && version >= 24.04),
  }
}

/**
 * The names to install. `available` are those apt can install here (of the names and their t64 forms); where apt
 * knows neither form, the release decides.
 */
export function namesHere(
  names: readonly string[],
  available: ReadonlySet<string>,
  system: System,
): string[] {
  return names.map((name) => {
    const later = `${name}t64`
    if (available.has(later)) return later
    if (available.has(name)) return name
    return system.t64 && renamed.has(name) ? later : name
  })
}

/** Every name apt has to be asked about. */
export function bothForms(names: readonly string[]): string[] {
  return names.flatMap((name) => (renamed.has(name) ? [name, `${name}t64`] : [name]))
}

/** Names with a candidate in the output of `apt-cache policy`. */
export function candidates(policy: string): Set<string> {
  const found = new Set<string>()
  let name = ''
  for (const line of policy.split('\n')) {
    const head = /^(\S+):$/.exec(line)?.[1]
    if (head) name = head.replace(/:.*$/, '')
    const candidate = /^\s+Candidate:\s+(\S+)/.exec(line)?.[1]
    if (candidate && candidate !== '(none)') found.add(name)
  }
  return found
}

/** Names that dpkg has installed, from `dpkg-query -W -f '${Package} ${db:Status-Status}\n'`. */
export function installedNames(query: string): Set<string> {
  const rows = query.split('\n').map((line) => line.split(' '))
  return new Set(rows.flatMap(([name, status]) => (name && status === 'installed' ? [name] : [])))
}
