// Proof: the key is asked about as Nix would use it, then a whole test build runs.

import type { ProofBuild } from '../../shared/guide.ts'
import { fill } from '../../shared/locale.ts'
import { type Shape, StateShape } from '../parts/shape.tsx'
import { plainLine } from '../plain.ts'
import { useAppState } from '../store.ts'
import { LiveTimeline } from '../test-build/timeline.tsx'
import { useWords } from '../words.ts'
import type { GuideIn } from './guide.ts'
import { ProblemBox } from './problem-box.tsx'
import { Title } from './title.tsx'

/** Goes on by itself. */
export function Proof({ guide }: { readonly guide: GuideIn<'proof'> }) {
  const { messages } = useWords()
  const testBuild = useAppState((state) => state.testBuild)
  const { problem } = guide
  return (
    <section className="card repair-card">
      <Title phase="proof">{messages.repairView.proofTitle}</Title>
      <ProofLines keyState={guide.key} build={guide.build} host={guide.host} />
      {problem !== null && <ProblemBox problem={problem} known={{ host: guide.host }} />}
      {guide.build === 'running' && testBuild.phase === 'running' && (
        <div className="stages">
          <LiveTimeline build={testBuild} />
        </div>
      )}
    </section>
  )
}

interface ProofLinesProps {
  readonly keyState: GuideIn<'proof'>['key']
  readonly build: ProofBuild
  readonly host: string
}

const keyShapes = { running: 'running', accepted: 'pass', failed: 'fail' } as const satisfies Record<
  string,
  Shape
>
const buildShapes = {
  waiting: 'pending',
  running: 'running',
  passed: 'pass',
  failed: 'fail',
} as const satisfies Record<ProofBuild, Shape>

/** The two things that must hold. */
export function ProofLines({ keyState, build, host }: ProofLinesProps) {
  const { messages } = useWords()
  const words = messages.repairView
  const name = plainLine(host, 80)
  const keyWords = {
    running: words.proofKeyRunning,
    accepted: words.proofKeyAccepted,
    failed: words.proofKeyFailed,
  }
  const buildWords = {
    waiting: words.proofBuildWaiting,
    running: words.proofBuildRunning,
    passed: words.proofBuildPassed,
    failed: words.proofBuildFailed,
  }
  const lines = [
    {
      id: 'key',
      shape: keyShapes[keyState],
      name: words.proofKey,
      state: fill(keyWords[keyState], { host: name }),
    },
    {
      id: 'build',
      shape: buildShapes[build],
      name: words.proofBuild,
      state: fill(buildWords[build], { host: name }),
    },
  ]
  return (
    <div role="status">
      <ul className="run-steps">
        {lines.map((line) => (
          <li key={line.id} className={`run-step is-${line.shape}`} data-proof={line.id}>
            <p className="run-line">
              <StateShape shape={line.shape} />
              <span className="run-name">{line.name}</span>
              <span className="state">{line.state}</span>
            </p>
          </li>
        ))}
      </ul>
    </div>
  )
}
