// A cause as lines: what is wrong, why, what to do, and the command for it.
import { commandFor } from '../../shared/command.ts'
import { fill } from '../../shared/locale.ts'
import type { Messages } from '../../shared/messages/index.ts'
import type { Problem } from '../../shared/outcome.ts'
import type { Paint } from '../status/paint.ts'

/** With the other side's own words at its end, where there are any. */
export function problemText(problem: Problem, words: Messages, paint: Paint): string {
  const { title, explain, fix } = words.causes[problem.cause]
  const command = commandFor(problem.cause, problem.params)
  const lines = [
    paint('fail', `✗ ${fill(title, problem.params)}`),
    `  ${fill(explain, problem.params)}`,
    `  ${fill(fix, problem.params)}`,
    ...(command === null ? [] : [`  $ ${command}`]),
    ...(problem.raw === undefined || problem.raw === '' ? [] : [indent(problem.raw, '  | ')]),
  ]
  return lines.join('\n')
}

/** Each line behind `by`. */
export function indent(text: string, by: string): string {
  return text
    .split('\n')
    .map((line) => `${by}${line}`)
    .join('\n')
}
