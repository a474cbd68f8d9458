// What was changed on this laptop in this pass, and the way back.
import type { LaptopDone } from '../../shared/laptop-side.ts'
import { api } from '../api.ts'
import { Busy } from '../repair/busy.tsx'
import { ProblemBox } from '../repair/problem-box.tsx'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'

/** Nothing where nothing was changed, or all is said already. */
export function UndoLaptop({ laptop }: { readonly laptop: LaptopDone | undefined }) {
  const { messages } = useWords()
  const words = messages.laptopSide
  if (laptop === undefined || (laptop.undo === 'none' && !laptop.restartNeeded)) return null
  return (
    <section className="card repair-card">
      <h2>{words.undoTitle}</h2>
      {laptop.restartNeeded && <p className="caution">{words.restartNeeded}</p>}
      {laptop.problem !== null && <ProblemBox problem={laptop.problem} />}
      {laptop.undo === 'busy' && <Busy>{words.undoBusy}</Busy>}
      {laptop.undo === 'done' && <p role="status">{words.undone}</p>}
      {laptop.undo === 'can' && (
        <div className="buttons">
          <button type="button" className="button" onClick={() => attempt(api().laptopUndo())}>
            {words.undo}
          </button>
        </div>
      )}
    </section>
  )
}
