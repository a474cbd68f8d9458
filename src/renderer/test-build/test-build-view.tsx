// The Test build view: start or cancel one, watch its stages, read its verdict, compare it with earlier ones.
import { useState } from 'react'
import { fill } from '../../shared/locale.ts'
import type { TestBuildState } from '../../shared/test-build.ts'
import { api } from '../api.ts'
import { useNow } from '../clock.ts'
import { age, text } from '../format.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { plainLine } from '../plain.ts'
import { attempt, useAppState } from '../store.ts'
import { useWords } from '../words.ts'
import { History } from './history.tsx'
import { Log } from './log.tsx'
import { Reproduce } from './reproduce.tsx'
import { LiveTimeline, Timeline } from './timeline.tsx'
import { Verdict } from './verdict.tsx'

/** The whole view, from main's testBuild and history. */
export function TestBuildView() {
  const { messages } = useWords()
  const build = useAppState((state) => state.testBuild)
  return (
    <>
      <section className="test-build-head">
        <h1>{messages.testBuild.title}</h1>
        <p className="quiet">{messages.testBuild.intro}</p>
        <Controls build={build} />
      </section>
      <div className="announce" aria-live="polite">
        {build.phase === 'ended' && <Verdict build={build} />}
      </div>
      {build.phase !== 'idle' && (
        <section className="card stages" aria-label={messages.testBuild.stagesTitle}>
          {build.phase === 'running' ? (
            <LiveTimeline build={build} />
          ) : (
            <Timeline stages={build.stages} cancelled={wasCancelled(build)} />
          )}
          <Log lines={build.log} />
          {build.phase === 'ended' && <Reproduce commands={build.reproduce} />}
        </section>
      )}
      <History />
    </>
  )
}

function wasCancelled(build: TestBuildState): boolean {
  return build.phase === 'ended' && !build.result.ok && build.result.cancelled
}

/** Run or Cancel, one of the two; beside it the builder to ask for, or how long it has been running. */
function Controls({ build }: { readonly build: TestBuildState }) {
  const [chosen, setChosen] = useState('')
  if (build.phase === 'running') return <Running startedAt={build.startedAt} />
  const run = () => attempt(api().startTestBuild(chosen === '' ? {} : { builder: chosen }))
  return (
    <div className="controls">
      <ActionButton action="run-test-build" main onClick={run} />
      <BuilderChoice chosen={chosen} onChoose={setChosen} />
    </div>
  )
}

function Running({ startedAt }: { readonly startedAt: string }) {
  const { locale, messages } = useWords()
  const now = useNow()
  const [cancelling, setCancelling] = useState(false)
  const time = text(age(now - Date.parse(startedAt), locale))
  const cancel = async () => {
    setCancelling(true)
    if (!(await attempt(api().cancelTestBuild()))) setCancelling(false)
  }
  return (
    <div className="controls">
      <ActionButton action="cancel-test-build" onClick={cancel} />
      <span className="quiet">
        {cancelling ? messages.testBuild.cancelling : fill(messages.testBuild.running, { time })}
      </span>
    </div>
  )
}

interface BuilderChoiceProps {
  readonly chosen: string
  readonly onChoose: (id: string) => void
}

/** Only where there is something to choose. */
function BuilderChoice({ chosen, onChoose }: BuilderChoiceProps) {
  const { messages } = useWords()
  const builders = useAppState((state) => state.snapshot.builders)
  if (builders.length < 2) return null
  return (
    <label className="choice">
      <span>{messages.testBuild.on}</span>
      <select value={chosen} onChange={(event) => onChoose(event.target.value)}>
        <option value="">{messages.testBuild.anyBuilder}</option>
        {builders.map((builder) => (
          <option key={builder.id} value={builder.id}>
            {plainLine(builder.host, 60)}
          </option>
        ))}
      </select>
    </label>
  )
}
