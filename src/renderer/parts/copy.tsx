// A button that copies a text and says that it did.
import { useEffect, useState } from 'react'
import { api } from '../api.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'

/** The longest text the contract lets through; a longer one is cut, with its end marked. */
const most = 199_000

/** Copies `text` through main, and says so for two seconds. */
export function CopyButton({ text, label, main = false }: { text: string; label: string; main?: boolean }) {
  const { messages } = useWords()
  const [copies, setCopies] = useState(0)
  useEffect(() => {
    if (copies === 0) return
    const timer = setTimeout(() => setCopies(0), 2000)
    return () => clearTimeout(timer)
  }, [copies])
  const copy = async () => {
    const whole = text.length > most ? `${text.slice(0, most)}\n…` : text
    if (await attempt(api().copy(whole))) setCopies((count) => count + 1)
  }
  const { copied } = messages.window
  const [shown, other] = copies > 0 ? [copied, label] : [label, copied]
  return (
    <>
      <button type="button" className={`button copy${main ? ' main' : ''}`} data-other={other} onClick={copy}>
        {shown}
      </button>
      <span className="hidden" role="status">
        {copies > 0 ? copied : ''}
      </span>
    </>
  )
}
