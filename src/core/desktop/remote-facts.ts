// What the greeting of the desktop's daemon does not tell: its systems and features, whether an older daemon trusts
// the builder user, and the room left in its store. One small shell command, and the reader of its answer.

export interface RemoteFacts {
  readonly version: string | null
  readonly systems: readonly string[]
  readonly features: readonly string[]
  /** By trusted-users; null where it could not be read. Only the daemon's own word is better. */
  readonly trusted: boolean | null
  /** Bytes free where /nix/store stands. */
  readonly diskFree: number | null
}

/** Before this line anything may stand that the shell printed; after it come "name = value" lines. */
const factsMarker = '@offload-tray-facts'

const settings = 'system|extra-platforms|system-features|trusted-users'
const nix = 'nix --extra-experimental-features nix-command'

/**
 * Runs under any login shell: one line, no single quote inside. The user's own nix.conf and NIX_CONFIG are left out,
 * as the daemon does not see them. show-config is the old name, config show the one from Nix 2.20 on.
 */
export const remoteFactsCommand = `exec sh -c '${[
  `echo ${factsMarker}`,
  'unset NIX_CONFIG',
  'NIX_USER_CONF_FILES=/dev/null',
  'export NIX_USER_CONF_FILES',
  `{ ${nix} show-config || ${nix} config show; } 2>/dev/null | grep -E "^(${settings}) = "`,
  'echo "version = $(nix-daemon --version 2>/dev/null)"',
  'echo "user = $(id -un)"',
  'echo "groups = $(id -Gn)"',
  'echo "disk = $(df -Pk /nix/store 2>/dev/null | tail -n 1)"',
].join('; ')}'`

/** Reads the command's answer; what is missing or odd is simply not known. Pure. */
export function parseRemoteFacts(stdout: string): RemoteFacts {
  const fields = new Map<string, string>()
  const at = stdout.indexOf(`${factsMarker}\n`)
  for (const line of at < 0 ? [] : stdout.slice(at).split('\n')) {
    const match = /^([a-z-]+) = (.*)$/.exec(line)
    if (match?.[1] !== undefined && match[2] !== undefined) fields.set(match[1], match[2])
  }
  const list = (name: string) => (fields.get(name) ?? '').split(/\s+/).filter((word) => word !== '')
  return {
    version: /(\d+\.\d+\S*)\s*$/.exec(fields.get('version') ?? '')?.[1] ?? null,
    systems: [...new Set([...list('system'), ...list('extra-platforms')])],
    features: list('system-features'),
    trusted: fields.has('trusted-users')
      ? isTrusted(list('trusted-users'), list('user'), list('groups'))
      : null,
    diskFree: freeBytes(fields.get('disk') ?? ''),
  }
}

/** trusted-users: names, @groups, or "*" (libstore/daemon.cc, matchUser); root needs no entry. */
function isTrusted(
  trusted: readonly string[],
  user: readonly string[],
  groups: readonly string[],
): boolean | null {
  const [name] = user
  if (name === undefined) return null
  const names = [name, '*', ...groups.map((group) => `@${group}`)]
  return name === 'root' || trusted.some((one) => names.includes(one))
}

/** POSIX df -Pk: the fourth column is the free space in KiB, in front of a percentage. */
function freeBytes(line: string): number | null {
  const kib = /\s(\d{1,15})\s+\d+%/.exec(line)?.[1]
  return kib === undefined ? null : Number(kib) * 1024
}
