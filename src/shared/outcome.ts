// Errors as values: what went well, or one problem with a cause code from the catalogue.
import type { CauseCode } from './causes.ts'

/** Values that a message may name: host, port, user, key, file, line, url, fingerprints … */
export type Params = Readonly<Record<string, string | number>>

/** Why something failed: a cause, the values its text names, and the raw words it was read from. */
export interface Problem {
  readonly cause: CauseCode
  readonly params?: Params
  /** The other side's own words, cleaned of control characters, at most a few kB. For the details, never parsed again. */
  readonly raw?: string
}

export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problem: Problem }

/** A good outcome. */
export function good<T>(value: T): Outcome<T> {
  return { ok: true, value }
}

/** A failed outcome; leaves out what is not given, as exactOptionalPropertyTypes asks. */
export function bad(cause: CauseCode, params?: Params, raw?: string): Outcome<never> {
  return { ok: false, problem: problem(cause, params, raw) }
}

/** A problem; leaves out what is not given. */
export function problem(cause: CauseCode, params?: Params, raw?: string): Problem {
  return { cause, ...(params === undefined ? {} : { params }), ...(raw === undefined ? {} : { raw }) }
}
