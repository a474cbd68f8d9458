// On which line of a TOML text a top-level key or table stands: the parser keeps no positions.

/** The line (from 1) of `name`; 1 where it cannot be found (a key written in an unusual way). */
export function lineOfKey(text: string, name: string): number {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  const written = `(?:${escaped}|"${escaped}"|'${escaped}')`
  const keyLine = new RegExp(`^\\s*(?:${written}\\s*[=.]|\\[\\[?\\s*${written}\\s*[.\\]])`)
  const index = text.split('\n').findIndex((line) => keyLine.test(line))
  return index < 0 ? 1 : index + 1
}
