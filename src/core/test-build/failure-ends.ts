// How Nix and ssh word an end that names no cause by itself: a connection that broke, a machine that was not found.

/** The other side went away after it had begun. */
export const connectionLost =
  /unexpected end-of-file|disconnected unexpectedly|Connection (?:reset|closed)|Broken pipe|broken pipe|Connection to \S+ closed|client_loop: send disconnect|Timeout, server|writing to file: |reading from file: |cannot (?:read|write)/

/** ssh's own words where a connection ends that stood. */
export const sshEnded =
  /Connection to \S+ closed|client_loop: |Timeout, server|Read from remote host|Connection (?:reset|closed) by \S+ port/

/**
 * The last words of a Nix whose own daemon went away. Of a desktop's end that daemon tells, and that the build failed:
 * where it says neither, it is this laptop's that ended.
 */
export const daemonEnded = /^error: (?:unexpected end-of-file|Nix daemon disconnected unexpectedly)/m

/** The final words where no machine was left or none fitted. */
export const noMachine =
  /Failed to find a machine for remote build|[Uu]nable to start any build|local builds are disabled \(max-jobs = 0\)/

/** One of the desktop's own failures of the probe. */
export const buildFailed =
  /builder for '[^']*offload-probe[^']*' failed|Reason: builder failed|failed with exit code \d+/

/** Nix says that ssh or the other Nix ended, and nothing of why. */
export const hiddenReason =
  /(?:cannot open connection to remote store '[^']*': )?(?:error: )?(?:unexpected end-of-file|Nix daemon disconnected unexpectedly|failed to start SSH connection to '[^']*')/

/** ssh ended before it was signed in; an old Nix (2.8) tells of no difference. */
export const beforeLogin = /failed to start SSH connection to '/

/** "required (system, features): (x86_64-linux, [kvm])" and the machines that were looked at. */
export function readMachineTable(
  text: string,
): { system: string; features: readonly string[]; systems: readonly string[]; count: number } | null {
  const required = /required \(system, features\): \(([^,)]*), \[?([^\])]*)\]?\)/.exec(text)
  const count = /(\d+) available machines:/.exec(text)
  if (required === null || count === null) return null
  const table = text.slice(text.indexOf('(systems, maxjobs'))
  const rows = [...table.matchAll(/\(\[?([\w, -]*?)\]?, \d+, /g)]
  return {
    system: required[1] ?? '',
    features: words(required[2]),
    systems: rows.flatMap((row) => words(row[1])),
    count: Number(count[1]),
  }
}

/** The words of a list that Nix prints, split by commas or spaces. */
export function words(list: string | undefined): readonly string[] {
  return (list ?? '').split(/[,\s]+/).filter((word) => word !== '')
}
