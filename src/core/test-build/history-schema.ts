// The shape of a kept run, checked whenever it is read: the file may be old, torn or somebody else's.
import * as v from 'valibot'
import { type CauseCode, causes } from '../../shared/causes.ts'
import { stageIds, type TestBuildRun } from '../../shared/test-build.ts'

const text = v.pipe(v.string(), v.maxLength(20_000))
const ms = v.pipe(v.number(), v.minValue(0))
const times = v.pipe(v.array(v.object({ id: v.picklist(stageIds), ms })), v.maxLength(stageIds.length))
const cause = v.custom<CauseCode>((value) => typeof value === 'string' && Object.hasOwn(causes, value))

const problem = v.object({
  cause,
  params: v.exactOptional(v.record(text, v.union([text, v.number()]))),
  raw: v.exactOptional(text),
})

const passed = v.object({
  ok: v.literal(true),
  builder: text,
  uri: text,
  ms,
  stages: times,
  remote: v.object({ bootId: text, kernel: text }),
  outPath: text,
  asked: v.exactOptional(v.object({ builder: text, heeded: v.boolean() })),
})

const failed = v.object({
  ok: v.literal(false),
  builder: v.nullable(text),
  uri: v.nullable(text),
  problem,
  stage: v.picklist(stageIds),
  ms,
  stages: times,
  cancelled: v.boolean(),
})

const run = v.object({
  at: v.pipe(v.string(), v.isoTimestamp()),
  payloadBytes: v.pipe(v.number(), v.minValue(0)),
  result: v.variant('ok', [passed, failed]),
})

/** The run that a line of the file holds, or null. */
export function readRun(line: string): TestBuildRun | null {
  try {
    const parsed = v.safeParse(run, JSON.parse(line))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}
