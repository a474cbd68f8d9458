// What a notification says when a repair was cut off by the closing of its window: what was done and what was not.
import { fill, type Locale } from '../shared/locale.ts'
import { messagesFor } from '../shared/messages/index.ts'
import type { StepProgress } from '../shared/repair.ts'
import type { Stopped } from './repairs.ts'

/** The title and the body. */
export function cutOffMessage(
  { host, steps, goingBack }: Stopped,
  locale: Locale,
): { readonly title: string; readonly body: string } {
  const words = messagesFor(locale).repairView
  const named = (some: readonly StepProgress[]) => some.map(({ id }) => words.steps[id]).join(', ')
  const done = steps.filter(({ state }) => state === 'done')
  const left = steps.filter(({ state }) => state !== 'done' && state !== 'unchanged')
  const params = { done: named(done), left: named(left) }
  const sentence =
    done.length === 0 ? words.cutOffNothing : left.length === 0 ? words.cutOffAll : words.cutOffSome
  const body = goingBack === undefined ? fill(sentence, params) : words.cutOffSwitch
  return { title: fill(words.cutOffTitle, { host }), body }
}
