// Numbers with their units, split so that a column can align both.
import type { Locale } from '../shared/locale.ts'

export interface Quantity {
  readonly value: string
  readonly unit: string
}

/** A duration in ms: "0.4 ms", "12 ms", "1.3 s", "2.5 min". Never negative. */
export function duration(ms: number, locale: Locale): Quantity {
  const safe = Number.isFinite(ms) ? Math.max(0, ms) : 0
  if (safe < 9.95) return { value: number(safe, 1, locale), unit: 'ms' }
  if (safe < 999.5) return { value: number(safe, 0, locale), unit: 'ms' }
  if (safe < 99_950) return { value: number(safe / 1000, 1, locale), unit: 's' }
  return { value: number(safe / 60_000, 1, locale), unit: 'min' }
}

/** A duration in ms as a verdict tells it, in seconds: "0.9 s"; below 0.1 s and from 100 s on as `duration`. */
export function seconds(ms: number, locale: Locale): Quantity {
  if (!(ms >= 100 && ms < 999.5)) return duration(ms, locale)
  return { value: number(ms / 1000, 1, locale), unit: 's' }
}

/** A time on a scale whose lines are `step` ms apart: all of them in one unit, with no more digits than they need. */
export function scaleTime(ms: number, step: number, locale: Locale): string {
  if (ms === 0) return '0'
  if (step >= 60_000) return text({ value: number(ms / 60_000, 0, locale), unit: 'min' })
  if (step < 100) return text({ value: number(ms, 0, locale), unit: 'ms' })
  return text({ value: number(ms / 1000, step < 1000 ? 1 : 0, locale), unit: 's' })
}

/** How long ago, in the largest whole unit: "0 s", "59 s", "3 min", "2 h", "4 d". A clock that ran backwards counts as 0. */
export function age(ms: number, locale: Locale): Quantity {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return { value: number(seconds, 0, locale), unit: 's' }
  if (seconds < 3600) return { value: number(Math.floor(seconds / 60), 0, locale), unit: 'min' }
  if (seconds < 86_400) return { value: number(Math.floor(seconds / 3600), 0, locale), unit: 'h' }
  return { value: number(Math.floor(seconds / 86_400), 0, locale), unit: 'd' }
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Bytes: "0 B", "512 KiB", "1.5 MiB". */
export function bytes(count: number, locale: Locale): Quantity {
  const power = powerOf(count)
  return { value: scaled(count, power, locale), unit: byteUnits[power] ?? 'B' }
}

/** The number of `count` in the unit that `whole` has: "0.6" for 600 KiB of 1 MiB. */
export function bytesIn(count: number, whole: number, locale: Locale): string {
  return scaled(count, powerOf(whole), locale)
}

function powerOf(count: number): number {
  const power = count >= 1 && Number.isFinite(count) ? Math.floor(Math.log2(count) / 10) : 0
  return Math.min(power, byteUnits.length - 1)
}

function scaled(count: number, power: number, locale: Locale): string {
  const size = Number.isFinite(count) ? Math.max(0, count) / 1024 ** power : 0
  return number(size, power === 0 ? 0 : 1, locale)
}

/** A quantity as one text, its unit kept on the same line. */
export function text({ value, unit }: Quantity): string {
  return `${value}\u00a0${unit}`
}

/** A moment as the reader's own date and time; the raw text where it is no date. */
export function moment(iso: string, locale: Locale): string {
  const time = Date.parse(iso)
  if (Number.isNaN(time)) return iso
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(time)
}

/** A moment in a list of recent ones: no seconds, and the year only where it is another than that of `now` (ms). */
export function shortMoment(iso: string, now: number, locale: Locale): string {
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return iso
  const year = time.getFullYear() === new Date(now).getFullYear() ? {} : { year: 'numeric' as const }
  // "09:05" where the day has 24 hours, as a Brazilian writes it.
  const hour = locale === 'pt-BR' ? '2-digit' : 'numeric'
  const parts = { day: 'numeric', month: 'short', hour, minute: '2-digit' } as const
  return new Intl.DateTimeFormat(locale, { ...parts, ...year }).format(time)
}

function number(value: number, digits: number, locale: Locale): string {
  return new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value)
}
