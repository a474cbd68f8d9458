// What Nix and ssh say when offloading fails, and the cause that each wording means. First match wins, so what is more
// telling stands higher. Seen with Nix 2.8, 2.26 and 2.34 and OpenSSH 8.4 to 10, or read in their sources.
import type { CauseCode } from '../../shared/causes.ts'
import type { Params } from '../../shared/outcome.ts'
import { words } from './failure-ends.ts'

/** Where a text was said: before this laptop's Nix asked a builder, while it asked, or once one had taken the build. */
export type Where = 'laptop' | 'connecting' | 'taken'

/** One wording of Nix or of ssh, and the cause that it means. */
export interface FailureText {
  readonly says: RegExp
  /** By place where the same words mean another machine's trouble. */
  readonly cause: CauseCode | Readonly<Record<Where, CauseCode>>
  readonly params?: (match: RegExpExecArray, text: string) => Params
}

/** The same words of the laptop's and of the desktop's daemon. */
const daemonDown = {
  laptop: 'laptop.daemon-down',
  connecting: 'nix.daemon-down',
  taken: 'nix.daemon-down',
} as const
const daemonRefuses = {
  laptop: 'laptop.daemon-refuses',
  connecting: 'nix.not-allowed',
  taken: 'nix.not-allowed',
} as const
const diskFull = { laptop: 'laptop.disk-full', connecting: 'nix.disk-full', taken: 'nix.disk-full' } as const

/** ssh's own words: in Nix's "cannot build on" message (ssh://) or in the daemon's journal (ssh-ng://). */
export const sshTexts: readonly FailureText[] = [
  {
    says: /REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for \S+ has changed/,
    cause: 'ssh.host-key-changed',
    params: (_match, text) => ({ ...offered(text), ...offending(text) }),
  },
  {
    says: /REVOKED HOST KEY|Host key \S+ for \S+ is revoked/i,
    cause: 'ssh.host-key-revoked',
    params: (_match, text) => offered(text),
  },
  {
    says: /Host key verification failed|No \S+ host key is known for/,
    cause: 'ssh.host-key-unknown',
    params: (_match, text) => offered(text),
  },
  {
    says: /UNPROTECTED PRIVATE KEY FILE|Permissions \d+ for '([^']*)' are too open|Load key "?([^":]+)"?: bad permissions/,
    cause: 'laptop.builder-key-exposed',
    params: (_match, text) => named('key', /Permissions \d+ for '([^']+)'|Load key "([^"]+)"/.exec(text)),
  },
  {
    says: /Identity file (\S+) not accessible|no such identity: (\S+):/,
    cause: 'laptop.builder-key-missing',
    params: (match) => named('key', match),
  },
  {
    says: /Load key "([^"]+)": (?:incorrect passphrase|error in libcrypto: bad decrypt)/,
    cause: 'laptop.builder-key-encrypted',
    params: (match) => named('key', match),
  },
  {
    says: /Permission denied \(|Too many authentication failures|Permission denied, please try again/,
    cause: 'ssh.key-refused',
  },
  {
    // Nix before 2.31 takes a port in the URI for a part of the name.
    says: /Could not resolve hostname [^\s:]+:(\d+): /,
    cause: 'laptop.builder-port-unsupported',
    params: (match, text) => ({
      port: Number(match[1]),
      ...named('uri', /cannot build on '([^']+)'/.exec(text)),
    }),
  },
  {
    says: /Could not resolve hostname|Temporary failure in name resolution|Name or service not known/,
    cause: 'net.name-not-found',
  },
  { says: /No route to host|Network is unreachable|Host is down/, cause: 'net.unreachable' },
  { says: /timed out during banner exchange/, cause: 'ssh.banner-timeout' },
  {
    says: /Connection timed out|Operation timed out|ssh: connect to host \S+ port \d+: Connection timed/,
    cause: 'net.timeout',
  },
  {
    says: /ssh: connect to host \S+ port (\d+): Connection refused/,
    cause: 'ssh.port-closed',
    params: (match) => ({ port: Number(match[1]) }),
  },
  {
    says: /no matching (?:key exchange method|host key type|cipher|MAC|mac)|Unable to negotiate with/,
    cause: 'ssh.no-common-algorithm',
  },
  {
    says: /banner line (?:\d+|contains)|invalid (?:SSH )?(?:identification|protocol) string|Bad remote protocol version/,
    cause: 'ssh.not-ssh',
  },
  // PAM's words, before sshd closes the connection.
  { says: /[Aa]ccount has expired/, cause: 'desktop.builder-locked' },
  {
    says: /Unprivileged users are not permitted to log in|System is (?:booting up|going down)/,
    cause: 'desktop.logins-closed',
  },
  // That is how ssh names the end of a ProxyCommand or ProxyJump.
  { says: /Connection (?:closed|reset) by UNKNOWN port/, cause: 'ssh.protocol-error' },
  {
    says: /kex_exchange_identification|Not allowed at this time|Exceeded MaxStartups|Connection (?:reset|closed) by \S+ port \d+/,
    cause: 'ssh.throttled',
  },
  { says: /unable to execute 'ssh'|executing 'ssh': No such file/, cause: 'laptop.ssh-missing' },
  {
    says: /protocol mismatch(?: from '[^']*')?, got '[\s\S]*(?:account is currently not available|nologin|account is disabled)/i,
    cause: 'desktop.builder-shell',
  },
  { says: /This account is currently not available/, cause: 'desktop.builder-shell' },
  { says: /protocol mismatch/, cause: 'desktop.shell-noise' },
  {
    says: /nix(?:-store|-daemon)?\S*: (?:command )?not found|(?:command not found|Unknown command):? '?nix(?:-store|-daemon)?|exec: nix\S*|nix-(?:store|daemon): No such file/,
    cause: 'nix.not-found',
  },
]

/** Nix's own words, of the laptop or of the desktop. */
export const nixTexts: readonly FailureText[] = [
  {
    // A daemon hangs up without a word on a user whom allowed-users leaves out.
    says: /cannot open connection to remote store 'daemon': error: (?:(?:(?:reading from|writing to) file|(?:read|write) of \d+ bytes): (?:Connection reset|Broken pipe)|unexpected end-of-file|Nix daemon disconnected)/,
    cause: daemonRefuses,
  },
  {
    says: /(?:cannot connect to (?:socket|daemon) at|getting status of) '?[^']*socket[^']*'?: Permission denied|user '[^']*' is not allowed to connect to the Nix daemon/,
    cause: daemonRefuses,
  },
  {
    says: /cannot connect to (?:socket|daemon) at '?[^']*'?: (?:Connection refused|No such file)/,
    cause: daemonDown,
  },
  {
    says: /not privileged to build input-addressed derivations|lacks a valid signature|lacks a signature by a trusted key/,
    cause: 'nix.not-trusted',
  },
  { says: /No space left on device|Disk quota exceeded|caused by lack of free disk space/, cause: diskFull },
  {
    says: /a '([^']*)' with features \{([^}]*)\} is required to build '[^']*', but I am a '([^']*)' with features \{([^}]*)\}/,
    cause: 'nix.system-mismatch',
    params: systemParams,
  },
  {
    says: /Required system: '([^']*)' with features \{([^}]*)\}\s*Current system: '([^']*)' with features \{([^}]*)\}/,
    cause: 'nix.system-mismatch',
    params: systemParams,
  },
  {
    says: /Required system: '([^']*)'\s*(?:\S[^\n]*\s*)??Current system: '([^']*)'/,
    cause: 'nix.system-mismatch',
    params: (match) => ({ expected: match[1] ?? '', found: match[2] ?? '' }),
  },
  {
    says: /Required features: \{([^}]*)\}\s*Available features: \{([^}]*)\}/,
    cause: 'nix.feature-missing',
    params: (match) => ({ what: lacking(match[1], match[2]) }),
  },
  {
    says: /bad machine specification|while parsing machine specification/,
    cause: 'laptop.machines-invalid',
    params: (match, text) => ({ what: lineWith(text, match.index) }),
  },
  {
    says: /invalid SSH (?:host name|authority) '/,
    cause: 'laptop.machines-invalid',
    params: (match, text) => ({ what: lineWith(text, match.index) }),
  },
  {
    says: /unable to download '(https?:\/\/[^']*)': (?:HTTP error (\d+)|([^\n]*))/,
    cause: 'cache.port-closed',
    params: (match) => cacheParams(match[1] ?? '', match[2], match[3]),
  },
  {
    says: /build hook died unexpectedly|bad hook reply/,
    cause: 'laptop.nix-failed',
    params: (match, text) => ({ what: lineWith(text, match.index) }),
  },
]

function systemParams(match: RegExpExecArray): Params {
  const [, expected = '', required, found = '', available] = match
  return { expected, found, what: lacking(required, available) }
}

function lacking(required: string | undefined, available: string | undefined): string {
  const there = words(available)
  return words(required)
    .filter((one) => !there.includes(one))
    .join(', ')
}

function named(name: string, match: RegExpExecArray | null): Params {
  const value = match?.slice(1).find((one) => one !== undefined)
  return value === undefined ? {} : { [name]: value }
}

function offered(text: string): Params {
  return named('offered', /\b(SHA256:[A-Za-z0-9+/]{43})/.exec(text))
}

function offending(text: string): Params {
  const place = /Offending \S+ key in (\S+)/.exec(text)?.[1]
  return place === undefined ? {} : { source: place }
}

function lineWith(text: string, index: number): string {
  const start = text.lastIndexOf('\n', index) + 1
  const end = text.indexOf('\n', index)
  return text.slice(start, end < 0 ? undefined : end).slice(0, 300)
}

function cacheParams(address: string, status: string | undefined, why: string | undefined): Params {
  const url = URL.canParse(address) ? new URL(address) : null
  const base = url === null ? address : url.origin
  const where =
    url === null
      ? {}
      : { host: url.hostname, port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) }
  const said = status === undefined ? {} : { status: Number(status) }
  return { url: base, ...where, ...said, ...(why === undefined ? {} : { what: why }) }
}
