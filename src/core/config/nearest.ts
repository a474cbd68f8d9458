// Which known word a mistyped one was meant to be.

/** The known word nearest to `word` by edits, ignoring case; null where none is near enough to be meant. */
export function nearest(word: string, known: readonly string[]): string | null {
  const short = word.slice(0, 64).toLowerCase()
  const ranked = known
    .map((one) => ({ one, distance: editDistance(short, one.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  if (best === undefined) return null
  // "heartbeat" for heartbeatSeconds: the start of a word counts as near.
  if (short.length >= 4) {
    const begun = known.find((one) => one.toLowerCase().startsWith(short))
    if (begun !== undefined) return begun
  }
  return best.distance <= Math.max(2, Math.floor(best.one.length / 3)) ? best.one : null
}

/** Levenshtein's distance. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const change = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(change, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    above = current
  }
  return above[b.length] ?? 0
}
