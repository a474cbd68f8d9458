// What `remove` is about to take out, and what it leaves, as lines for people.
import { fill } from '../../shared/locale.ts'
import type { Messages } from '../../shared/messages/index.ts'
import type { KeyLine, KeyLines } from '../../shared/repair.ts'
import type { Paint } from '../status/paint.ts'

/** Each line of this laptop's key with its place. */
export function keyLinesText(
  { file, goes, stays, others, unread }: KeyLines,
  host: string,
  { repair }: Messages,
  paint: Paint,
): readonly string[] {
  const told = ({ file, line, text }: KeyLine) => `${file}:${line}: ${text}`
  return [
    ...(goes.length === 0 ? [] : [fill(repair.goes, { host })]),
    ...goes.map((one) => `  ${paint('fail', `- ${told(one)}`)}`),
    ...(stays.length === 0 ? [] : [repair.stays]),
    ...stays.map((one) => `    ${told(one)}`),
    ...(goes.length === 0 ? [] : [fill(repair.staysOthers, { file, count: others })]),
    ...unread.map((one) => paint('warn', fill(repair.unread, { file: one }))),
  ]
}
