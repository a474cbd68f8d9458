// The snapshot as one line of JSON, its keys in the documented order.
import type { Check, Snapshot } from '../../shared/status.ts'

/** One line, without a newline, that also a terminal takes as plain text. */
export function statusJson(snapshot: Snapshot): string {
  const { schema, at, overall, builders, caches, laptop } = snapshot
  const ordered = {
    schema,
    at,
    overall,
    builders: builders.map(({ checks, ...rest }) => ({ ...rest, checks: checks.map(orderedCheck) })),
    caches: caches.map(({ url, checks }) => ({ url, checks: checks.map(orderedCheck) })),
    laptop: { ...laptop, checks: laptop.checks.map(orderedCheck) },
  }
  return escaped(JSON.stringify(ordered))
}

function orderedCheck(check: Check): Check {
  const { id, state, cause, params, note, detail, ms, at } = check
  return {
    id,
    state,
    ...(cause === undefined ? {} : { cause }),
    ...(params === undefined ? {} : { params }),
    ...(note === undefined ? {} : { note }),
    ...(detail === undefined ? {} : { detail }),
    ms,
    at,
  }
}

/** JSON leaves DEL, C1 controls and characters that turn the reading direction as they are; a terminal would obey them. */
function escaped(json: string): string {
  return json.replace(
    /[^\P{C}\n]|[\u2028\u2029]/gu,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}
