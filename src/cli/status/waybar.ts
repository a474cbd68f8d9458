// The snapshot as waybar's custom module reads it (man waybar-custom, return-type json): text, tooltip, class, percentage.
import { causesOf, headline } from '../../shared/headline.ts'
import { fill, type Locale } from '../../shared/locale.ts'
import { messagesFor } from '../../shared/messages/index.ts'
import type { Overall, Snapshot } from '../../shared/status.ts'
import { oneLine } from './one-line.ts'

const signs: Readonly<Record<Overall, string>> = {
  blocked: '⛔',
  local: '💻',
  degraded: '⚠',
  building: '⚙',
  ready: '✓',
  checking: '…',
  unconfigured: '+',
  paused: '⏸',
}

/** One line, without a newline. `class` is the Overall; `percentage` the share of slots that build now. */
export function waybarLine(snapshot: Snapshot, locale: Locale): string {
  const busy = snapshot.builders.reduce((sum, builder) => sum + builder.slots.busy, 0)
  const max = snapshot.builders.reduce((sum, builder) => sum + builder.slots.max, 0)
  const slots = snapshot.overall === 'building' ? ` ${busy}/${max}` : ''
  return JSON.stringify({
    text: `${signs[snapshot.overall]}${slots}`,
    tooltip: tooltip(snapshot, locale),
    class: snapshot.overall,
    percentage: max === 0 ? 0 : Math.min(100, Math.round((100 * busy) / max)),
  })
}

function tooltip(snapshot: Snapshot, locale: Locale): string {
  const words = messagesFor(locale)
  const first = headline(snapshot, locale)
  const causes = causesOf(snapshot).map(({ code, params }) => fill(words.causes[code].title, params))
  const lines = [first, ...causes.filter((line) => !first.includes(line))]
  return lines.map((line) => markup(oneLine(line))).join('\n')
}

/** Waybar reads the texts as Pango markup. */
function markup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
