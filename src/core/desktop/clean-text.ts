// Makes another machine's words safe to show: no escape sequences, control or text-direction characters, bounded.

const esc = String.fromCharCode(27)
const bell = String.fromCharCode(7)

/** CSI and OSC sequences, then any other two-character escape. */
const ansi = new RegExp(
  `${esc}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)?|[ -~])`,
  'g',
)

/** Control, format (bidi marks, zero-width), surrogate and separator characters; tab and newline stay. */
const unsafe = /[^\P{C}\t\n]|[\u2028\u2029]/gu

/** Without the password of a URL, and without what Nix's access-tokens hold: programs quote both in their complaints. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/?#:@]{0,100}:)[^\s/?#]{0,300}@/gi, '$1…@')
    .replace(/\b(access-tokens)\b[ \t]*(=?)[^'"\n]*/g, (_, name, equals) => `${name}${equals && ' ='} …`)
}

/**
 * The text without anything that could act on a terminal or turn its reading direction.
 * Bytes are read as UTF-8; the result has at most `maxChars` characters, "…" included where it was cut.
 */
export function cleanText(raw: string | Buffer, maxChars = 2000): string {
  const head = typeof raw === 'string' ? raw.slice(0, maxChars * 4) : raw.toString('utf8', 0, maxChars * 4)
  const text = withoutSecrets(head.replaceAll('\r\n', '\n').replace(ansi, '').replace(unsafe, '')).trim()
  return text.length <= maxChars ? text : `${text.slice(0, maxChars - 1)}…`
}
