// Text from other machines made safe to look at: no terminal escapes, no invisible or direction-changing characters.

// biome-ignore-start lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g
// biome-ignore-end lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
/** Bidi marks, overrides and isolates, zero-width characters, line and paragraph separators, the BOM. */
const invisible = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** Several lines, cut after `max` characters; what could mislead the eye is shown as a replacement character. */
export function plainText(raw: string, max = 20_000): string {
  const cut = raw.length > max ? `${raw.slice(0, max)}…` : raw
  return cut.replace(/\r\n?/g, '\n').replace(escapes, '').replace(controls, '').replace(invisible, '\ufffd')
}

/** One line, for names and titles, cut after `max` characters. */
export function plainLine(raw: string, max = 200): string {
  return plainText(raw, max).replace(/\s+/g, ' ').trim()
}
