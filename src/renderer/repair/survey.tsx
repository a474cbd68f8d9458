// The look at the desktop before anything is proposed; sudo may want a password for it.
import { fill } from '../../shared/locale.ts'
import { api } from '../api.ts'
import { plainLine } from '../plain.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'
import { Busy } from './busy.tsx'
import type { GuideIn } from './guide.ts'
import { ProblemBox } from './problem-box.tsx'
import { SudoForm } from './sudo-form.tsx'
import { Title } from './title.tsx'

/** Goes on by itself once the desktop was read. */
export function Survey({ guide }: { readonly guide: GuideIn<'survey'> }) {
  const { messages } = useWords()
  const words = messages.repairView
  const host = plainLine(guide.host, 80)
  const admin = plainLine(guide.admin, 60)
  const { problem } = guide
  const known = { host: guide.host, port: guide.port, user: guide.admin }
  if (guide.busy) {
    return (
      <section className="card repair-card">
        <Title phase="survey">{fill(words.surveyTitle, { host })}</Title>
        <Busy>{fill(words.surveyBusy, { admin })}</Busy>
      </section>
    )
  }
  if (guide.asksSudoPassword) {
    return (
      <section className="card repair-card">
        <Title phase="sudo">{words.sudoTitle}</Title>
        <p>{fill(words.sudoIntro, { host, admin })}</p>
        {problem !== null && <ProblemBox problem={problem} known={known} />}
        {problem !== null && <p>{fill(words.sudoTriesLeft, { count: guide.triesLeft })}</p>}
        <SudoForm
          label={fill(words.sudoPassword, { admin })}
          submit={words.sudoGo}
          onPassword={(sudoPassword) => attempt(api().repairElevate({ sudoPassword }))}
        >
          <Without />
        </SudoForm>
      </section>
    )
  }
  return (
    <section className="card repair-card">
      <Title phase="survey-failed">{fill(words.surveyFailed, { host })}</Title>
      {problem !== null && <ProblemBox problem={problem} known={known} />}
      <div className="buttons">
        <button type="button" className="button main" onClick={() => attempt(api().repairRetry())}>
          {words.tryAgain}
        </button>
        {(problem === null || problem.cause.startsWith('desktop.sudo-')) && <Without />}
      </div>
    </section>
  )
}

function Without() {
  const { messages } = useWords()
  return (
    <button
      type="button"
      className="button"
      onClick={() => attempt(api().repairElevate({ sudoPassword: null }))}
    >
      {messages.repairView.sudoWithout}
    </button>
  )
}
