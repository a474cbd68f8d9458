// --watch: prints again on each change; on a terminal the plain text is redrawn in place.
import type { MonitorState, StoreEvent } from '../../core/monitor/store.ts'
import type { Snapshot } from '../../shared/status.ts'

export interface WatchScreen {
  readonly write: (text: string) => void
  readonly show: (snapshot: Snapshot) => string
  /** Redraw over the last text instead of adding to it. */
  readonly redraw: boolean
}

/** Cursor home, and clear from there on: less flicker than clearing first, and the scroll-back stays. */
const home = '\u001b[H\u001b[J'

/**
 * Returns the listener for the monitor. A line (or block) is printed only when the snapshot says something new; a redraw
 * also follows newer proof, so that the shown age is true.
 */
export function watchPrinter(screen: WatchScreen): (state: MonitorState, event: StoreEvent) => void {
  let first = true
  return ({ snapshot }, event) => {
    if (event === 'checking' || (event === 'proven' && !screen.redraw)) return
    const gap = first || screen.redraw ? '' : '\n'
    first = false
    const text = screen.show(snapshot)
    screen.write(screen.redraw ? `${home}${text}` : `${text.includes('\n\n') ? gap : ''}${text}`)
  }
}
