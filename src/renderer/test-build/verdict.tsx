// How a test build ended: built there with its proof, or the exact reason why not.
import { useEffect, useRef } from 'react'
import { actionFor } from '../../shared/actions.ts'
import { builderName } from '../../shared/builder-name.ts'
import { commandFor } from '../../shared/command.ts'
import { fill } from '../../shared/locale.ts'
import type { Params } from '../../shared/outcome.ts'
import { mendsTestBuild } from '../../shared/repairable.ts'
import type { BuilderStatus } from '../../shared/status.ts'
import type { TestBuildResult, TestBuildState } from '../../shared/test-build.ts'
import { verdictSentence } from '../../shared/verdict-sentence.ts'
import { api } from '../api.ts'
import { seconds, text } from '../format.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { Raw } from '../parts/code.tsx'
import { Fold } from '../parts/fold.tsx'
import { type Shape, StateShape } from '../parts/shape.tsx'
import { plainLine } from '../plain.ts'
import { Command, ToRepair } from '../status/next-step.tsx'
import { causeText, cleanParams } from '../status/subject.ts'
import { attempt, useAppState } from '../store.ts'
import { useWords, type Words } from '../words.ts'
import { AskRoot, RootOutcome } from './ask-root.tsx'

type Passed = Extract<TestBuildResult, { ok: true }>
type Failed = Extract<TestBuildResult, { ok: false }>

/** One sentence, and what it rests on. */
export function Verdict({ build }: { readonly build: Extract<TestBuildState, { phase: 'ended' }> }) {
  const words = useWords()
  const { result } = build
  const builders = useAppState((state) => state.snapshot.builders)
  const shape = verdictShape(result)
  const heading = useRef<HTMLHeadingElement>(null)
  const asRoot = result.ok ? undefined : result.asRoot
  // The button that asked is gone with its answer: the focus must not be.
  useEffect(() => {
    if (asRoot !== undefined && document.activeElement === document.body) heading.current?.focus()
  }, [asRoot])
  return (
    <section className={`card verdict is-${shape}`}>
      <header>
        <StateShape shape={shape} />
        <h2 ref={heading} tabIndex={-1}>
          {sentenceOf(result, builders, words)}
        </h2>
      </header>
      {result.ok ? <Proof result={result} /> : <Reason result={result} question={build.rootQuestion} />}
    </section>
  )
}

/** The shape of a verdict. */
export function verdictShape(result: TestBuildResult): Shape {
  if (result.ok) return 'ready'
  return result.cancelled ? 'cancelled' : 'blocked'
}

/** "Built on desktop in 0.9 s" */
export function sentenceOf(
  result: TestBuildResult,
  builders: readonly BuilderStatus[],
  { locale, messages }: Words,
): string {
  const builder = result.builder === null ? '' : plainLine(builderName(result.builder, builders))
  const params = result.ok ? {} : cleanParams(paramsOf(result, builders))
  return verdictSentence(result, { builder, time: text(seconds(result.ms, locale)), params }, messages)
}

/** The problem's values, completed by the builder the run was on. */
function paramsOf({ builder, uri, problem }: Failed, builders: readonly BuilderStatus[]): Params {
  return {
    ...(builder === null ? {} : { host: builderName(builder, builders) }),
    ...(uri === null ? {} : { uri }),
    ...problem.params,
  }
}

function Proof({ result }: { readonly result: Passed }) {
  const { messages } = useWords()
  const words = messages.testBuild
  const rows = [
    [words.builder, result.uri],
    [words.bootId, result.remote.bootId],
    [words.kernel, result.remote.kernel],
    [words.outPath, result.outPath],
  ] as const
  return (
    <dl className="proof-list">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <code>{plainLine(value)}</code>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** The builder a failed run was on, where it is still one of this laptop's. */
function builderOf({ builder, uri }: Failed, builders: readonly BuilderStatus[]): BuilderStatus | undefined {
  return builders.find((one) => one.uri === uri) ?? builders.find((one) => one.id === builder)
}

interface ReasonProps {
  readonly result: Failed
  readonly question: Extract<TestBuildState, { phase: 'ended' }>['rootQuestion']
}

function Reason({ result, question }: ReasonProps) {
  const words = useWords()
  const builders = useAppState((state) => state.snapshot.builders)
  const { testBuild } = words.messages
  const stage = testBuild.stages[result.stage]
  if (result.cancelled) return <p>{fill(testBuild.cancelledIn, { stage })}</p>
  const params = paramsOf(result, builders)
  const { cause } = result.problem
  const reason = causeText(cause, params, words)
  const time = text(seconds(result.ms, words.locale))
  const { asRoot } = result
  // What was wrong is over: only another build proves that.
  const isOver = asRoot?.state === 'answers'
  const asks = isOver ? undefined : question
  const builder = builderOf(result, builders)
  const repairs = builder !== undefined && mendsTestBuild(cause, builder) ? builder : undefined
  const own = actionFor(cause)
  return (
    <>
      {/* One that could not even begin ended in no stage. */}
      {result.stages.length > 0 && <p>{fill(testBuild.endedIn, { stage, time })}</p>}
      <p>{reason.explain}</p>
      {isOver ? null : <p className="fix">{reason.fix}</p>}
      {asRoot !== undefined && asks === undefined && <RootOutcome said={asRoot} params={params} />}
      <div className="next">
        {isOver || (repairs === undefined && own === 'run-test-build') ? (
          <ActionButton action="run-test-build" main onClick={() => attempt(api().startTestBuild({}))} />
        ) : repairs !== undefined ? (
          <ToRepair builder={repairs.id} cause={cause} />
        ) : own === 'check-now' || commandFor(cause, params) === null ? (
          <ActionButton
            action="check-now"
            label={words.messages.window.checkAgain}
            onClick={() => attempt(api().checkNow())}
          />
        ) : (
          <Command cause={cause} params={params} />
        )}
      </div>
      {asks !== undefined && <AskRoot question={asks} said={asRoot} params={params} />}
      {result.problem.raw !== undefined && (
        // The log of a build that failed is what there is to read.
        <Fold className="fold" summary={testBuild.raw} startOpen={cause === 'nix.build-failed'}>
          <Raw text={result.problem.raw} caption={testBuild.raw} />
        </Fold>
      )}
    </>
  )
}
