// The shape of what the monitor keeps between starts, checked whenever it is read.
import * as v from 'valibot'

/** The longest text that is kept, in characters. */
export const maxText = 4000

const text = v.pipe(v.string(), v.maxLength(maxText))
const params = v.record(text, v.union([text, v.number()]))

const keptTestBuild = v.object({
  at: v.pipe(v.string(), v.isoTimestamp()),
  /** The builder row as it was then: another row, another proof. */
  row: text,
  /** The host key that the desktop offered then, if it was known. */
  fingerprint: v.nullable(text),
  verdict: v.variant('ok', [
    v.object({ ok: v.literal(true), outPath: text }),
    v.object({ ok: v.literal(false), cause: text, params: v.optional(params), raw: v.optional(text) }),
  ]),
})

export const keptSchema = v.object({
  schema: v.literal(1),
  /** The last test build, by builder id. */
  testBuilds: v.record(text, keptTestBuild),
  /** The host key last offered, by builder id. */
  fingerprints: v.record(text, text),
  /** A path that the cache was seen to have, by cache url. */
  sharedPaths: v.record(text, text),
  /** The address that a host name led to when its desktop was last proven there. */
  addresses: v.optional(v.record(text, text), {}),
})

export type KeptTestBuild = v.InferOutput<typeof keptTestBuild>
export type Kept = v.InferOutput<typeof keptSchema>

/** What is kept before anything was. */
export const nothingKept: Kept = {
  schema: 1,
  testBuilds: {},
  fingerprints: {},
  sharedPaths: {},
  addresses: {},
}
