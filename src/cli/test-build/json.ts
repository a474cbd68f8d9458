// A test build's events for programs: one JSON object a line, its keys in the documented order.
import type { RootSaid, TestBuildEvent, TestBuildResult } from '../../shared/test-build.ts'

/** One line, without a newline, that also a terminal takes as plain text. */
export function eventJson(event: TestBuildEvent): string {
  return escaped(JSON.stringify(shape(event)))
}

function shape(event: TestBuildEvent): object {
  switch (event.type) {
    case 'stage':
      return { type: 'stage', ...event.stage, ms: rounded(event.stage.ms) }
    case 'log':
      return { type: 'log', line: event.line }
    case 'result':
      return { type: 'result', ...resultShape(event.result) }
    default:
      return event satisfies never
  }
}

function resultShape(result: TestBuildResult): object {
  const { ok, builder, uri } = result
  const stages = result.stages.map(({ id, ms }) => ({ id, ms: rounded(ms) }))
  const times = { ms: rounded(result.ms), stages }
  if (result.ok) {
    const { remote, outPath, asked } = result
    return { ok, builder, uri, ...times, remote, outPath, ...(asked === undefined ? {} : { asked }) }
  }
  const { problem, stage, cancelled, asRoot } = result
  const root = asRoot === undefined ? {} : { asRoot: rootShape(asRoot) }
  return { ok, builder, uri, ...problem, stage, cancelled, ...root, ...times }
}

/** refused has its cause beside it. */
function rootShape(asRoot: RootSaid): object {
  return asRoot.state === 'refused' ? { state: asRoot.state, ...asRoot.problem } : asRoot
}

function rounded(ms: number): number {
  return Math.round(ms * 10) / 10
}

/** JSON leaves DEL, C1 controls and characters that turn the reading direction as they are; a terminal would obey them. */
function escaped(json: string): string {
  return json.replace(
    /[^\P{C}\n]|[\u2028\u2029]/gu,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  )
}
