// The window's frame: header with the views, banners, and the view that main says is shown.
import { useEffect, useRef } from 'react'
import { type View, views } from '../shared/app-state.ts'
import { headline } from '../shared/headline.ts'
import { localeOf } from '../shared/locale.ts'
import { messagesFor } from '../shared/messages/index.ts'
import { asksForRepair } from '../shared/repairable.ts'
import { api } from './api.ts'
import { useShortcuts } from './keyboard.ts'
import { Banner } from './parts/banner.tsx'
import { plainLine } from './plain.ts'
import { RepairView } from './repair/repair-view.tsx'
import { StatusView } from './status/status-view.tsx'
import { attempt, dismissFailure, useAppState, useMirror } from './store.ts'
import { TestBuildView } from './test-build/test-build-view.tsx'
import { useWords } from './words.ts'

/** The whole window; a quiet line until main's first state is there. */
export function App() {
  const waiting = useMirror(({ state }) => state === null)
  const failure = useMirror((mirror) => mirror.failure)
  if (!waiting) return <Shell />
  const words = messagesFor(localeOf(navigator.language)).window
  return (
    <main className="view">
      <h1 className="waiting">{words.loading}</h1>
      {failure !== null && <p role="alert">{`${words.callFailed}: ${plainLine(failure)}`}</p>}
    </main>
  )
}

function Shell() {
  const { locale, messages } = useWords()
  const view = useAppState((state) => state.view)
  const title = useAppState((state) => plainLine(headline(state.snapshot, state.locale), 120))
  useShortcuts()
  useEffect(() => {
    document.documentElement.lang = locale
    document.title = `${title} · ${messages.window.app}`
  }, [locale, title, messages])
  const main = useFocusOnChange(view)
  return (
    <>
      <Header />
      <main className="view" ref={main} tabIndex={-1}>
        <Banners />
        <Shown view={view} />
      </main>
    </>
  )
}

function Shown({ view }: { readonly view: View }) {
  switch (view) {
    case 'status':
      return <StatusView />
    case 'test-build':
      return <TestBuildView />
    case 'repair':
      return <RepairView />
    default:
      return view satisfies never
  }
}

/** After a change of view, a focus that was inside the old view goes to the new one instead of nowhere. */
function useFocusOnChange(view: string) {
  const main = useRef<HTMLElement>(null)
  const shown = useRef(view)
  useEffect(() => {
    if (shown.current === view) return
    shown.current = view
    window.scrollTo(0, 0)
    if (document.activeElement === null || document.activeElement === document.body) main.current?.focus()
  }, [view])
  return main
}

function Header() {
  const { messages } = useWords()
  const shown = useAppState((state) => state.view)
  const demo = useAppState((state) => state.demo !== undefined)
  const words = messages.window
  const repair = useAppState((state) => state.view === 'repair' || asksForRepair(state))
  const names = {
    status: words.viewStatus,
    'test-build': words.viewTestBuild,
    repair: messages.repairView.tab,
  }
  const offered = views.filter((view) => view !== 'repair' || repair)
  return (
    <header className="bar">
      <nav aria-label={words.nav}>
        {offered.map((view, at) => (
          <button
            key={view}
            type="button"
            className="tab"
            aria-current={view === shown ? 'page' : undefined}
            aria-keyshortcuts={`Control+${at + 1}`}
            title={`Ctrl+${at + 1}`}
            onClick={() => attempt(api().show(view))}
          >
            {names[view]}
          </button>
        ))}
      </nav>
      {demo && (
        <span className="badge" title={words.demoExplain}>
          {words.demo}
        </span>
      )}
    </header>
  )
}

function Banners() {
  const { messages } = useWords()
  const trayMissing = useAppState((state) => state.trayMissing)
  const problems = useAppState((state) => state.configProblems)
  const internalError = useAppState((state) => state.internalError)
  const failure = useMirror((mirror) => mirror.failure)
  const words = messages.window
  return (
    <>
      {failure !== null && (
        <div className="banner" role="alert">
          <strong>{words.callFailed}</strong>
          <div>{plainLine(failure, 500)}</div>
          <button type="button" className="button" onClick={dismissFailure}>
            {words.dismiss}
          </button>
        </div>
      )}
      {internalError !== undefined && (
        <Banner title={words.internalTitle}>
          <p>{plainLine(internalError, 500)}</p>
          <p>{words.internalNext}</p>
        </Banner>
      )}
      {trayMissing && <Banner title={words.trayMissingTitle}>{words.trayMissing}</Banner>}
      {problems.length > 0 && (
        <Banner title={words.configTitle}>
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{plainLine(problem, 500)}</li>
            ))}
          </ul>
        </Banner>
      )}
    </>
  )
}
