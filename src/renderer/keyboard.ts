// Shortcuts of the whole window: Ctrl+R checks now, Ctrl+1 to Ctrl+3 change the view.
import { useEffect } from 'react'
import { permission } from '../shared/actions.ts'
import { views } from '../shared/app-state.ts'
import { asksForRepair } from '../shared/repairable.ts'
import { api } from './api.ts'
import { attempt, useMirror } from './store.ts'

/** Listens while the window is shown. Ctrl+R is taken from the browser, so that it never reloads the page. */
export function useShortcuts(): void {
  useEffect(() => {
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

function onKeyDown(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
  const { state } = useMirror.getState()
  if (state === null) return
  const view = views[Number(event.key) - 1]
  if (view === 'repair' && !asksForRepair(state)) return
  if (view !== undefined) {
    event.preventDefault()
    void attempt(api().show(view))
  } else if (event.key === 'r') {
    event.preventDefault()
    if (permission('check-now', state).allowed) void attempt(api().checkNow())
  }
}
