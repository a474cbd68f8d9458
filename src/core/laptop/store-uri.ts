// The grammar of a builder's store URI, as Nix reads the first column of a machines row.

export type StoreUri =
  | {
      readonly kind: 'ssh'
      /** With the scheme that Nix prepends to a bare host. */
      readonly uri: string
      readonly scheme: 'ssh' | 'ssh-ng'
      readonly user: string | null
      /** Without brackets; a zone keeps its single %. */
      readonly host: string
      readonly port: number | null
      readonly params: ReadonlyMap<string, string>
    }
  /** A store that Nix may use but no SSH reaches (local, daemon, unix://, s3:// …). */
  | { readonly kind: 'other'; readonly uri: string }
  | { readonly kind: 'bad'; readonly uri: string }

const wordsThatAreStores = /^(auto|daemon|local)(\?|$)/

/** Reads a store URI. Source: Nix, libstore machines.cc (the prepended ssh://), store-reference.cc and ssh.cc. */
export function parseStoreUri(written: string): StoreUri {
  const uri = isBareHost(written) ? `ssh://${written}` : written
  const match = /^(ssh|ssh-ng):\/\/([^/?#]*)(?:\/[^?#]*)?(?:\?([^#]*))?$/.exec(uri)
  // Nix takes a byte order mark and an upper-case scheme as they stand, and then knows no such store.
  if (match === null || uri.includes('\ufeff'))
    return { kind: /^\ufeff|^ssh(-ng)?:/i.test(uri) || match !== null ? 'bad' : 'other', uri }
  const [, scheme = '', authority = '', query = ''] = match
  const place = parseAuthority(authority)
  if (place === null) return { kind: 'bad', uri }
  return {
    kind: 'ssh',
    uri,
    scheme: scheme === 'ssh' ? 'ssh' : 'ssh-ng',
    ...place,
    params: parseQuery(query),
  }
}

/**
 * How Nix 2.24 and later write the same URI again: parameters sorted and percent-encoded. Names of lock files are
 * made from it (older versions use it as written). Source: Nix, StoreReference::render.
 */
export function renderStoreUri(uri: string): string {
  const cut = uri.indexOf('?')
  if (cut < 0) return uri
  const params = [...parseQuery(uri.slice(cut + 1))].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  const query = params.map(([name, value]) => `${encodeQueryPart(name)}=${encodeQueryPart(value)}`).join('&')
  return query === '' ? uri.slice(0, cut) : `${uri.slice(0, cut)}?${query}`
}

function isBareHost(written: string): boolean {
  return !written.includes('/') && !wordsThatAreStores.test(written) && !written.startsWith('?')
}

function parseAuthority(authority: string) {
  const at = authority.lastIndexOf('@')
  const user = at < 0 ? null : decode(authority.slice(0, at))
  const place = parseHostPort(authority.slice(at + 1))
  // Nix refuses an empty name, and one that ssh would take for an option.
  if (place === null || user === '' || user?.startsWith('-') || /^-|^$/.test(place.host)) return null
  if (hasControl(place.host) || (user !== null && hasControl(user))) return null
  return { user, ...place }
}

function parseHostPort(text: string): { host: string; port: number | null } | null {
  const bracketed = /^\[([^[\]]+)\](?::(\d+))?$/.exec(text)
  if (bracketed !== null) return withPort((bracketed[1] ?? '').replace('%25', '%'), bracketed[2])
  if (/[[\]]/.test(text)) return null
  // An IPv6 address without brackets: Nix takes it whole, there is no port.
  if (text.split(':').length > 2) return { host: text, port: null }
  const plain = /^([^:]*)(?::(\d+))?$/.exec(text)
  return plain === null ? null : withPort(decode(plain[1] ?? ''), plain[2])
}

function withPort(host: string, digits: string | undefined): { host: string; port: number | null } | null {
  if (digits === undefined) return { host, port: null }
  const port = Number(digits)
  return port >= 1 && port <= 65535 ? { host, port } : null
}

function parseQuery(query: string): ReadonlyMap<string, string> {
  const pairs = query.split('&').filter((pair) => pair.includes('='))
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      return [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))] as const
    }),
  )
}

/** Percent-decoding that leaves a broken sequence as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Nix keeps the unreserved characters and ":@/?"; it encodes the ones encodeURIComponent leaves alone. */
function encodeQueryPart(text: string): string {
  // A lone surrogate cannot be encoded (and cannot come from a UTF-8 file): shown as the replacement character.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%3A/g, ':')
    .replace(/%40/g, '@')
    .replace(/%2F/g, '/')
    .replace(/%3F/g, '?')
}

function hasControl(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return /[\u0000-\u0020\u007f]/.test(text)
}
