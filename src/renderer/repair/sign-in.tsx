// Sign in: who, and how; or the desktop's own questions while it asks some.
import { useState } from 'react'
import type { SignIn } from '../../shared/guide.ts'
import { fill } from '../../shared/locale.ts'
import { api } from '../api.ts'
import { plainLine } from '../plain.ts'
import { attempt, useAppState } from '../store.ts'
import { useWords } from '../words.ts'
import { Busy } from './busy.tsx'
import type { GuideIn } from './guide.ts'
import { ProblemBox } from './problem-box.tsx'
import { QuestionForm } from './question.tsx'
import { SignInForm } from './sign-in-form.tsx'
import { Title } from './title.tsx'

/** The form stays while it is busy, so that a refused try keeps what was chosen. */
export function SignInPhase({ guide }: { readonly guide: GuideIn<'sign-in'> }) {
  const { messages } = useWords()
  const demo = useAppState((state) => state.demo !== undefined)
  const words = messages.repairView
  const host = plainLine(guide.host, 80)
  const { question, problem } = guide
  const [way, setWay] = useState<SignIn['kind']>(guide.agentKeys > 0 ? 'agent' : 'password')
  // Another question is another form: nothing that was typed for the last one may stay.
  if (question !== null) {
    return <QuestionForm key={JSON.stringify(question)} host={host} question={question} />
  }
  return (
    <section className="card repair-card">
      <Title phase="sign-in">{fill(words.signInTitle, { host })}</Title>
      <p>{fill(words.signInIntro, { host })}</p>
      {demo && <p className="quiet">{words.demoPassword}</p>}
      {problem !== null && (
        <ProblemBox problem={problem} known={{ host: guide.host, port: guide.port, user: guide.user }} />
      )}
      <TriesLeft guide={guide} host={host} />
      {guide.triesLeft > 0 && <SignInForm guide={guide} host={host} way={way} onWay={setWay} />}
      {guide.busy && (
        <>
          <Busy>{words.signingIn}</Busy>
          <div className="buttons">
            <button
              type="button"
              className="button"
              onClick={() => attempt(api().repairBack({ phase: 'sign-in' }))}
            >
              {words.giveUp}
            </button>
          </div>
        </>
      )}
    </section>
  )
}

/** Told once something was wrong; at none left, what to do. */
function TriesLeft({ guide, host }: { readonly guide: GuideIn<'sign-in'>; readonly host: string }) {
  const { messages } = useWords()
  const words = messages.repairView
  if (guide.triesLeft <= 0) {
    return (
      <>
        <p>{fill(words.noTriesLeft, { host })}</p>
        <div className="buttons">
          <button
            type="button"
            className="button main"
            onClick={() => attempt(api().repairBack({ phase: 'find' }))}
          >
            {words.startAgain}
          </button>
        </div>
      </>
    )
  }
  if (guide.problem?.cause !== 'ssh.sign-in-refused') return null
  return <p>{fill(words.triesLeft, { count: guide.triesLeft, host })}</p>
}
