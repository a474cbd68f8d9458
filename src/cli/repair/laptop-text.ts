// What this laptop itself needs, as lines for people.
import type { AddressPlace, LaptopPlan } from '../../shared/laptop-side.ts'
import { fill } from '../../shared/locale.ts'
import type { Messages } from '../../shared/messages/index.ts'
import type { Paint } from '../status/paint.ts'
import { indent } from './problem-text.ts'

/** The needs, a move as one change, and the exact changes or the snippet. */
export function laptopText(plan: LaptopPlan, { laptopSide }: Messages, paint: Paint): readonly string[] {
  const { host } = plan
  if (plan.needs.length === 0) return [paint('pass', fill(laptopSide.cliNothing, { host }))]
  const needs = plan.needs.map(({ id, params, advice, unknown }) => {
    const more = advice ? ` (${laptopSide.advice})` : unknown ? ` (${laptopSide.unknown})` : ''
    return `  ${paint(advice ? 'warn' : 'fail', advice ? '!' : '✗')} ${fill(laptopSide.needs[id], params)}${more}`
  })
  return [
    paint('strong', fill(laptopSide.cliTitle, { host })),
    ...needs,
    ...(plan.needs.some(({ id, unknown }) => id === 'cache-key' && unknown)
      ? [`  ${laptopSide.cliUnknownKey}`]
      : []),
    ...moveText(plan, laptopSide),
    ...hostKeyText(plan, laptopSide),
    ...waysText(plan, laptopSide),
  ]
}

function moveText({ move, host }: LaptopPlan, words: Messages['laptopSide']): readonly string[] {
  if (move === null) return []
  const { from, to, places } = move
  return [fill(words.cliPlaces, { host, from, to }), ...placesText(places, words)]
}

/** One that nobody has compared says how; a compared one names the lines that stay the person's. */
function hostKeyText({ hostKey, host }: LaptopPlan, words: Messages['laptopSide']): readonly string[] {
  if (hostKey === undefined) return []
  const { from, to, accepted, places } = hostKey
  const both = from.length === 0 ? [] : [fill(words.cliHostKey, { host, from: from.join(', '), to })]
  if (!accepted) return [...both, fill(words.cliCompare, { host, to })]
  return places.length === 0 ? both : [...both, words.cliKeyPlaces, ...placesText(places, words)]
}

function placesText(places: readonly AddressPlace[], words: Messages['laptopSide']): readonly string[] {
  return places.flatMap(({ file, line, before, after, ours }) => [
    `  ${file}:${line}${ours ? '' : ` (${words.moveTold})`}`,
    `    - ${before}`,
    `    + ${after}`,
  ])
}

function waysText(plan: LaptopPlan, words: Messages['laptopSide']): readonly string[] {
  const snippet = plan.nixos ? [words.cliSnippet, indent(plan.snippet.trimEnd(), '  ')] : []
  return [...snippet, ...changesText(plan, words)]
}

function changesText(plan: LaptopPlan, words: Messages['laptopSide']): readonly string[] {
  if (plan.changes.length === 0 && plan.commands.length === 0) return []
  return [
    words.cliChanges,
    ...plan.changes.map(({ diff }) => indent(diff.trimEnd(), '  ')),
    ...plan.commands.map((command) => `  # ${command}`),
    ...(plan.canApply ? [] : [words.cliByHand, ...plan.byHand.map((command) => `  $ ${command}`)]),
  ]
}
