// The way out, always at the same place: stops what is under way first, and says so; else closes the guide.
import { api } from '../api.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'
import type { OpenGuide } from './guide.ts'

/** One button. Nothing is asked: whatever was not done can be done another time. */
export function Leave({ guide }: { readonly guide: OpenGuide }) {
  const { messages } = useWords()
  const words = messages.repairView
  const stops = guide.phase === 'survey' || guide.phase === 'repair' || guide.phase === 'proof'
  const stopping = guide.phase === 'repair' && guide.cancelling
  const click = () => {
    if (!stopping) void attempt(stops ? api().repairCancel() : api().repairClose())
  }
  return (
    <button type="button" className="button" aria-disabled={stopping} onClick={click}>
      {stopping ? words.stopping : stops ? words.stop : words.close}
    </button>
  )
}
