// Sizes and times as people write and read them.

interface Words {
  readonly cli: { readonly decimalPoint: string }
}

const units: Readonly<Record<string, number>> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }

/** "1M", "64MiB", "1g", "1048576" -> bytes; null for anything else. */
export function parseSize(text: string): number | null {
  const match = /^(\d{1,12}(?:\.\d{1,3})?)\s*([KMG]?)(?:i?B)?$/i.exec(pointed(text))
  const unit = units[(match?.[2] ?? '').toUpperCase()]
  return match === null || unit === undefined ? null : Math.round(Number(match[1]) * unit)
}

/** "90", "90s", "5m", "1h" -> ms; null for anything else, and for nothing at all. */
export function parseDuration(text: string): number | null {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)\s*(s|m|h|)$/i.exec(pointed(text))
  const factor = { s: 1_000, m: 60_000, h: 3_600_000, '': 1_000 }[(match?.[2] ?? '').toLowerCase()]
  const ms = match === null || factor === undefined ? 0 : Math.round(Number(match[1]) * factor)
  return ms > 0 ? ms : null
}

/** "1,5" is what "1.5" is to half the world; thousands are never grouped here. */
function pointed(text: string): string {
  return text.trim().replace(',', '.')
}

/** "512 KiB", "1.0 MiB", "1.00 GiB", with the language's decimal point. */
export function sizeText(bytes: number, { cli }: Words): string {
  const rounded = (value: number, digits: number) => value.toFixed(digits).replace('.', cli.decimalPoint)
  if (bytes < 1024) return `${bytes} B`
  if (bytes < 1024 ** 2) return `${rounded(bytes / 1024, 0)} KiB`
  if (bytes < 1024 ** 3) return `${rounded(bytes / 1024 ** 2, 1)} MiB`
  return `${rounded(bytes / 1024 ** 3, 2)} GiB`
}

/** "87 ms", "1.2 s", "75 s", with the language's decimal point. */
export function timeText(ms: number, { cli }: Words): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms >= 10_000) return `${Math.round(ms / 1000)} s`
  return `${(ms / 1000).toFixed(1).replace('.', cli.decimalPoint)} s`
}
