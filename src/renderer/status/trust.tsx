// Trusting a host key: first look at the fingerprint and compare it, then say yes. Never in one click.
import { useEffect, useRef, useState } from 'react'
import { commandFor } from '../../shared/command.ts'
import { fill } from '../../shared/locale.ts'
import type { BuilderStatus } from '../../shared/status.ts'
import { api } from '../api.ts'
import { plainLine } from '../plain.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'

interface TrustProps {
  readonly builder: BuilderStatus
  /** The fingerprint the builder shows now. */
  readonly offered: string
}

/** The button, and after a click on it the comparison. What is sent is what was shown when the comparison began. */
export function Trust({ builder, offered }: TrustProps) {
  const { messages } = useWords()
  const [shown, setShown] = useState<string | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const returnFocus = useRef(false)
  useEffect(() => {
    if (shown !== null || !returnFocus.current) return
    returnFocus.current = false
    button.current?.focus()
  }, [shown])
  const close = () => {
    returnFocus.current = true
    setShown(null)
  }
  if (shown !== null) {
    return <Comparison builder={builder} shown={shown} offered={offered} onShow={setShown} onClose={close} />
  }
  return (
    <div className="next">
      <button type="button" className="button" ref={button} onClick={() => setShown(offered)}>
        {messages.actions.labels['trust-host-key']}
      </button>
    </div>
  )
}

interface ComparisonProps extends TrustProps {
  /** The fingerprint on the screen, which a yes is about. */
  readonly shown: string
  readonly onShow: (fingerprint: string) => void
  readonly onClose: () => void
}

function Comparison({ builder, shown, offered, onShow, onClose }: ComparisonProps) {
  const { messages } = useWords()
  const words = messages.window
  const [sending, setSending] = useState(false)
  const panel = useRef<HTMLElement>(null)
  useEffect(() => panel.current?.focus(), [])
  const changed = shown !== offered
  const trust = async () => {
    setSending(true)
    const kept = await attempt(api().trustHostKey({ builder: builder.id, fingerprint: shown }))
    setSending(false)
    if (kept) onClose()
  }
  return (
    <section
      className="next comparison"
      ref={panel}
      tabIndex={-1}
      aria-label={words.trustTitle}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <h3>{words.trustTitle}</h3>
      <p>{fill(words.trustAsk, { host: plainLine(builder.host) })}</p>
      <code className="fingerprint">{plainLine(shown)}</code>
      <p>{words.trustWhere}</p>
      <code className="fingerprint small">{commandFor('ssh.host-key-unknown')}</code>
      {changed && <p role="alert">{words.trustChanged}</p>}
      <div className="buttons">
        {changed ? (
          <button type="button" className="button main" onClick={() => onShow(offered)}>
            {words.checkAgain}
          </button>
        ) : (
          <button
            type="button"
            className="button main"
            aria-disabled={sending}
            onClick={() => !sending && trust()}
          >
            {sending ? words.trusting : words.trustYes}
          </button>
        )}
        <button type="button" className="button" onClick={onClose}>
          {words.trustNo}
        </button>
      </div>
    </section>
  )
}
