// Judges the stores of desktops that are mounted here over NFS: pure, one check for all of them, none where there is none.
import { problem } from '../../shared/outcome.ts'
import type { Check, LaptopCheckId } from '../../shared/status.ts'
import type { SeenMount } from '../laptop/facts.ts'
import { passed, unproven, warned } from './check.ts'

/** The check at `now` (ms since 1970). Only a warning: builds and the cache need none of it. */
export function judgeMounts(mounts: readonly SeenMount[], now: number): Check<LaptopCheckId> | null {
  if (mounts.length === 0) return null
  const when = {
    at: new Date(now - Math.max(...mounts.map(({ ageMs }) => ageMs))).toISOString(),
    ms: Math.max(...mounts.map(({ ms }) => ms)),
  }
  const told = (mount: SeenMount) =>
    [`${mount.source} ${mount.path} (${mount.how})`, mount.said].filter((text) => text !== '').join(': ')
  const detail = mounts.map(told).join('\n')
  const dead = mounts.find(({ answers }) => answers === false)
  if (dead !== undefined) {
    const { host, path } = dead
    return warned('nfs-mount', when, problem('laptop.nfs-stale', { host, path }), { detail })
  }
  return mounts.some(({ answers }) => answers === null)
    ? unproven('nfs-mount', when, { note: 'not-checked-yet', detail })
    : passed('nfs-mount', when, { detail })
}
