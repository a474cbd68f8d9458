// Which lines of a long log are in sight.

/** The height of a line in CSS px; `.log-line` has the same. */
export const lineHeight = 18
/** The height of the box in CSS px; `.log` has the same as its most. */
export const boxHeight = 252
const spare = 8

/** The lines to draw (first included, last not) when the box is scrolled to `top` px. */
export function visibleLines(count: number, top: number): { readonly first: number; readonly last: number } {
  const first = Math.max(0, Math.min(count, Math.floor(top / lineHeight)) - spare)
  return { first, last: Math.min(count, first + Math.ceil(boxHeight / lineHeight) + 2 * spare) }
}
