// Asks for the same build over ssh://, which tells what ssh-ng:// hides: only a user whom the daemon trusts may choose so.
import type { Builder } from '../laptop/facts.ts'
import type { Ahead } from './ahead.ts'
import { machineRow, mayChoose } from './choose.ts'
import { createEvidence, evidenceOf } from './lines.ts'
import { probeExpression } from './probe.ts'
import { activityType, type NixEvent } from './protocol.ts'
import type { Evidence } from './verdict.ts'

/** The row with the other scheme; null where that would be another question: what ssh-ng:// starts has another name. */
export function plainRow(builder: Builder): string | null {
  if (builder.scheme !== 'ssh-ng' || /[?&](?:remote-program|remote-store)=/.test(builder.uri)) return null
  return machineRow({ ...builder, uri: builder.uri.replace(/^ssh-ng:/, 'ssh:') })
}

/** What Nix says over ssh://; null where nobody may ask, or where it says nothing because it builds. */
export async function askPlainly(
  ahead: Ahead,
  builder: Builder,
  env: NodeJS.ProcessEnv,
): Promise<Evidence | null> {
  const row = plainRow(builder)
  if (row === null || !(await mayChoose(env))) return null
  const evidence = createEvidence()
  let taken = false
  const hear = (event: NixEvent) => {
    const line = evidenceOf(event)
    if (line !== null) evidence.add(line)
    taken ||= event.kind === 'start' && event.type === activityType.build && (event.fields[1] ?? '') !== ''
  }
  const child = await ahead.there(row)
  child.listen((events) => events.forEach(hear))
  child.feed(probeExpression(ahead.tag, builder, ahead.payloadBytes))
  if ((await child.done).code === 0) return null
  return { builder, where: taken ? 'taken' : 'connecting', downloading: false, lines: evidence.lines() }
}
