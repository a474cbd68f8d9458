// Turns a snapshot into what is printed, in the asked format.
import type { Locale } from '../../shared/locale.ts'
import type { Snapshot } from '../../shared/status.ts'
import { statusJson } from './json.ts'
import type { StatusOptions } from './options.ts'
import type { Paint } from './paint.ts'
import { statusText } from './plain.ts'
import { waybarLine } from './waybar.ts'

/** The text with its final newline. */
export function shown(
  snapshot: Snapshot,
  format: StatusOptions['format'],
  locale: Locale,
  paint: Paint,
  now: number,
): string {
  switch (format) {
    case 'json':
      return `${statusJson(snapshot)}\n`
    case 'waybar':
      return `${waybarLine(snapshot, locale)}\n`
    case 'plain':
      return statusText(snapshot, { locale, paint, now })
    default:
      return format satisfies never
  }
}
