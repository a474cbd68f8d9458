// The Test build view: start or cancel one, watch its stages, read its verdict, compare it with earlier ones.
import { useEffect, useState } from 'react'
import { fill } from '../../shared/locale.ts'
import type { BuilderStatus } from '../../shared/status.ts'
import type { TestBuildState } from '../../shared/test-build.ts'
import { api } from '../api.ts'
import { useNow } from '../clock.ts'
import { age, text } from '../format.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { useOnePress } from '../parts/one-press.ts'
import { plainLine } from '../plain.ts'
import { attempt, useAppState } from '../store.ts'
import { useWords } from '../words.ts'
import { NotAsAsked } from './asked.tsx'
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
        {build.phase === 'ended' && (
          <>
            <Verdict build={build} />
            <NotAsAsked result={build.result} />
          </>
        )}
      </div>
      {hasStages(build) && (
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

/** A build that could not even begin has no stages to tell of, and no commands. */
function hasStages(build: TestBuildState): build is Exclude<TestBuildState, { phase: 'idle' }> {
  if (build.phase === 'ended') return build.stages.some((stage) => stage.state !== 'pending')
  return build.phase === 'running'
}

function wasCancelled(build: TestBuildState): boolean {
  return build.phase === 'ended' && !build.result.ok && build.result.cancelled
}

/**
 * Run or Cancel, in one button, so that the focus stays where it is; beside it the builder to ask for, or how long it has
 * been running.
 */
function Controls({ build }: { readonly build: TestBuildState }) {
  const [chosen, setChosen] = useState('')
  const [cancelling, setCancelling] = useState(false)
  const builders = useAppState((state) => state.snapshot.builders)
  const builder = builders.some(({ id }) => id === chosen) ? chosen : ''
  const running = build.phase === 'running'
  useEffect(() => {
    if (!running) setCancelling(false)
  }, [running])
  const run = () => attempt(api().startTestBuild(builder === '' ? {} : { builder }))
  const cancel = async () => {
    setCancelling(true)
    if (!(await attempt(api().cancelTestBuild()))) setCancelling(false)
  }
  const press = useOnePress(() => void (running ? cancel() : run()))
  return (
    <div className="controls">
      <ActionButton
        action={running ? 'cancel-test-build' : 'run-test-build'}
        main={!running}
        onClick={press}
      />
      {running ? (
        <RunningFor startedAt={build.startedAt} cancelling={cancelling} />
      ) : (
        <BuilderChoice builders={builders} chosen={builder} onChoose={setChosen} />
      )}
    </div>
  )
}

function RunningFor({ startedAt, cancelling }: { readonly startedAt: string; readonly cancelling: boolean }) {
  const { locale, messages } = useWords()
  const time = text(age(useNow() - Date.parse(startedAt), locale))
  return (
    <span className="quiet">
      {cancelling ? messages.testBuild.cancelling : fill(messages.testBuild.running, { time })}
    </span>
  )
}

interface BuilderChoiceProps {
  readonly builders: readonly BuilderStatus[]
  readonly chosen: string
  readonly onChoose: (id: string) => void
}

/** Only where there is something to choose. Two builders on one host are told apart by their URIs. */
function BuilderChoice({ builders, chosen, onChoose }: BuilderChoiceProps) {
  const { messages } = useWords()
  if (builders.length < 2) return null
  const isAlone = ({ host }: BuilderStatus) => builders.filter((one) => one.host === host).length === 1
  return (
    <label className="choice">
      <span>{messages.testBuild.on}</span>
      <select value={chosen} onChange={(event) => onChoose(event.target.value)}>
        <option value="">{messages.testBuild.anyBuilder}</option>
        {builders.map((builder) => (
          <option key={builder.id} value={builder.id}>
            {plainLine(isAlone(builder) ? builder.host : builder.uri, 60)}
          </option>
        ))}
      </select>
    </label>
  )
}
