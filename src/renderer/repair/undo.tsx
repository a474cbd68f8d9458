// Taking a repair back while its session lasts: asked twice, for builds stop running there.
import { useState } from 'react'
import type { UndoKind, UndoState } from '../../shared/guide.ts'
import { api } from '../api.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'
import { Busy } from './busy.tsx'
import { ProblemBox } from './problem-box.tsx'

/** A button a kind; after a click on one, the question. */
export function Undo({ undo, host }: { readonly undo: UndoState; readonly host: string }) {
  const { messages } = useWords()
  const words = messages.repairView
  const [asked, setAsked] = useState<UndoKind | null>(null)
  const yes = (kind: UndoKind) => {
    setAsked(null)
    void attempt(api().repairUndo({ kind }))
  }
  return (
    <section className="card repair-card">
      <h2>{words.undoTitle}</h2>
      <p className="quiet">
        {asked === null
          ? words.undoIntro
          : asked === 'all'
            ? messages.repairPlan.undoAllSure
            : words.undoSure}
      </p>
      {undo.problem !== null && <ProblemBox problem={undo.problem} known={{ host }} />}
      {undo.busy ? (
        <Busy>{words.undoBusy}</Busy>
      ) : asked === null ? (
        <div className="buttons">
          {undo.can.map((kind) => (
            <button key={kind} type="button" className="button" onClick={() => setAsked(kind)}>
              {words.undoKinds[kind]}
            </button>
          ))}
        </div>
      ) : (
        <div className="buttons">
          <button type="button" className="button main" onClick={() => yes(asked)}>
            {words.undoYes}
          </button>
          <button type="button" className="button" onClick={() => setAsked(null)}>
            {words.undoNo}
          </button>
        </div>
      )}
    </section>
  )
}
