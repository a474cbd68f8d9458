// What a hostile desktop may put into names of its own: offload-repair prints it as text, and colours only what is its own.
import { expect, it } from 'vitest'
import { noLiveLine } from '../../../../src/cli/repair/live.ts'
import { plainPrinter } from '../../../../src/cli/repair/print.ts'
import { colourPaint, type Paint, plainPaint } from '../../../../src/cli/status/paint.ts'
import { locales } from '../../../../src/shared/locale.ts'
import { messagesFor } from '../../../../src/shared/messages/index.ts'
import type { RepairPlan, RepairStep } from '../../../../src/shared/repair.ts'

const odd = 'a\u001b]0;title\u0007\u001b[8mb\u001b[2J\u202ec\u009b1md\re'
const step: RepairStep = {
  id: 'start-cache',
  cause: 'desktop.cache-service-down',
  params: { host: odd, journal: odd },
  where: 'desktop',
  commands: [`systemctl restart ${odd}`],
  changes: [{ path: odd, diff: `+${odd}\n`, owner: { from: odd, to: odd } }],
  needsAdmin: true,
  needsRoot: true,
  risk: 'low',
  keep: [odd],
  script: `start_unit() { :; }\nstart_unit '${odd}'\n`,
}
const plan: RepairPlan = {
  builder: 'desktop',
  host: 'desktop',
  steps: [step],
  unmended: [{ cause: 'desktop.read-only', params: { host: odd, file: odd }, raw: odd, snippet: odd }],
  partial: false,
}

const printed = (paint: Paint, locale: (typeof locales)[number]) => {
  let said = ''
  const write = (text: string) => {
    said += text
  }
  const printer = plainPrinter({ write, words: messagesFor(locale), paint, live: noLiveLine })
  printer.plan(plan, [], null)
  printer.programs([step])
  const key = { file: odd, line: 1, text: odd }
  printer.keyLines({ file: odd, goes: [key], stays: [key], others: 0, unread: [odd] }, odd)
  printer.hostKey({ keyType: odd, fingerprint: odd, expected: [] }, odd, null)
  const progress = { id: step.id, state: 'failed', output: odd, backup: odd, ms: 1 } as const
  printer.steps([progress], progress)
  return said
}
const acts = ['\u001b', '\u0007', '\u009b', '\u202e', '\r']

it.each(locales)('what a desktop names itself acts on no terminal, in %s', (locale) => {
  const said = printed(plainPaint, locale)
  expect(said.split('title').length).toBeGreaterThan(10)
  for (const sign of acts) expect(said.includes(sign), JSON.stringify(sign)).toBe(false)
})

it('colours are ours alone', () => {
  const said = printed(colourPaint, 'en')
  expect(said).toContain('\u001b[31m')
  const left = [0, 1, 2, 31, 32, 33, 36].reduce((text, code) => text.replaceAll(`\u001b[${code}m`, ''), said)
  for (const sign of acts) expect(left.includes(sign), JSON.stringify(sign)).toBe(false)
})
