// A button that changes what it does when it is pressed: the second half of a double click must not undo the first.
import { useRef } from 'react'

/** A second press within this time, in ms, is a double click, or a key that is held down. */
const samePressMs = 500

/** `act` for the presses of such a button: at once at the first, and not again until half a second without one. */
export function useOnePress(act: () => void): () => void {
  const pressedAt = useRef(Number.NEGATIVE_INFINITY)
  return () => {
    const again = performance.now() - pressedAt.current < samePressMs
    pressedAt.current = performance.now()
    if (!again) act()
  }
}
