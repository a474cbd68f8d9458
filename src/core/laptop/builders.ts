// From rows of the machines file, and what ssh's configuration makes of them, to builders.
import type { SshRow } from './configured-machines.ts'
import type { Builder } from './facts.ts'
import type { LaptopFiles } from './files.ts'
import { expandIdentity, type SshPlace } from './ssh-config.ts'

/** The rows as builders; `places` are theirs, in the same order. */
export function toBuilders(
  rows: readonly SshRow[],
  places: readonly SshPlace[],
  files: LaptopFiles,
): readonly Builder[] {
  const seen = new Map<string, number>()
  return rows.flatMap((row, index) => {
    const place = places[index]
    if (place === undefined) return []
    const { uri, scheme, host } = row.store
    const times = (seen.get(uri) ?? 0) + 1
    seen.set(uri, times)
    const key = row.keyPath === null ? place.identityFile : expandIdentity(row.keyPath, place, files)
    return [
      {
        id: times === 1 ? uri : `${uri}#${times}`,
        uri,
        scheme,
        host,
        address: addressOf(place),
        keyPath: key,
        ...(place.proxied === true ? { proxied: true as const } : {}),
        systems: row.systems,
        maxJobs: row.maxJobs,
        speedFactor: row.speedFactor,
        supportedFeatures: row.supportedFeatures,
        mandatoryFeatures: row.mandatoryFeatures,
        hostKeyLine: row.hostKeyLine,
        source: row.source,
      },
    ]
  })
}

function addressOf({ host, port, user, hostKeyAlias }: SshPlace): Builder['address'] {
  return { host, port, user, ...(hostKeyAlias === undefined ? {} : { hostKeyAlias }) }
}
