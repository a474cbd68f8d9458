// Logins of caches that stand in Nix's netrc file: Nix asks them with these where the address itself has none.
import type { Problem } from '../../shared/outcome.ts'
import type { Cache } from './facts.ts'
import { readText, unreadableProblem } from './read-text.ts'

export interface WithNetrc {
  readonly caches: readonly Cache[]
  /** A netrc that is no plain file, which Nix waits for. One that only root may read is as it should be. */
  readonly problems: readonly Problem[]
}

/** The caches with the logins that `file` (`netrc-file` of Nix) holds for them; where it is closed to us, with its name. */
export async function withNetrc(caches: readonly Cache[], file: string): Promise<WithNetrc> {
  const read = await readText(file)
  switch (read.state) {
    case 'missing':
      return { caches, problems: [] }
    case 'unreadable':
      if (read.unfit === 'fifo') return { caches, problems: [unreadableProblem(file, read)] }
      return { caches: caches.map((cache) => withClosed(cache, file)), problems: [] }
    case 'read':
      return { caches: caches.map((cache) => withLogin(cache, read.text)), problems: [] }
    default:
      return read satisfies never
  }
}

/** "user:password", percent-encoded, of the first machine of that name, else of `default`; null where there is none. */
export function loginIn(netrc: string, host: string): string | null {
  let entry: { login?: string; password?: string } | null = null
  const words = netrc.replace(/^[ \t]*#.*$/gm, '').match(/"(?:\\.|[^"\\])*"|\S+/g) ?? []
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? ''
    if (word === 'machine' || word === 'default') {
      if (entry !== null) break
      if (word === 'default' || words[++at]?.toLowerCase() === host.toLowerCase()) entry = {}
    } else if (word === 'login' || word === 'password') {
      const value = unquoted(words[++at] ?? '')
      if (entry !== null) entry[word] ??= value
    }
  }
  if (entry?.login === undefined) return null
  return `${encodeURIComponent(entry.login)}:${encodeURIComponent(entry.password ?? '')}`
}

/** A login of its own address goes before netrc's, as in curl. */
function withClosed(cache: Cache, closedNetrc: string): Cache {
  return cache.login === undefined ? { ...cache, closedNetrc } : cache
}

function withLogin(cache: Cache, netrc: string): Cache {
  if (cache.login !== undefined || !URL.canParse(cache.url)) return cache
  const login = loginIn(netrc, new URL(cache.url).hostname.replace(/^\[(.*)\]$/, '$1'))
  return login === null ? cache : { ...cache, login }
}

/** As curl reads it since 7.84: quotes around a word, and a backslash before a character of it. */
function unquoted(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replace(/\\(.)/g, '$1') : word
}
