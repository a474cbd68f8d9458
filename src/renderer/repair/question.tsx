// A question of the desktop's while somebody signs in: its words in a frame, marked as its own.
import { type FormEvent, useRef } from 'react'
import type { Question } from '../../shared/guide.ts'
import { fill } from '../../shared/locale.ts'
import { api } from '../api.ts'
import { Scroller } from '../parts/scroller.tsx'
import { plainLine, plainText } from '../plain.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'
import { Title } from './title.tsx'

interface QuestionFormProps {
  readonly host: string
  readonly question: Question
}

/** One field a prompt; what is typed is shown only where the desktop says that it may be. */
export function QuestionForm({ host, question }: QuestionFormProps) {
  const { messages } = useWords()
  const words = messages.repairView
  const form = useRef<HTMLFormElement>(null)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const fields = [...(form.current?.querySelectorAll('input') ?? [])]
    const answers = fields.map(({ value }) => value)
    form.current?.reset()
    void attempt(api().repairAnswer({ answers }))
  }
  return (
    <section className="card repair-card">
      <Title phase="question">{fill(words.asksTitle, { host })}</Title>
      <p>{words.asksOwn}</p>
      <form ref={form} onSubmit={submit} autoComplete="off">
        <div className="own-words">
          {question.title !== '' && <strong>{plainLine(question.title, 300)}</strong>}
          {question.instructions !== '' && (
            <Scroller name={fill(words.asksTitle, { host })} className="instructions">
              <pre>{plainText(question.instructions, 4000)}</pre>
            </Scroller>
          )}
          {question.prompts.length === 0 && <p>{fill(words.asksNothing, { host })}</p>}
          {question.prompts.map((prompt, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: prompts may be equal; their order is what counts
            <label key={at} className="field">
              <span>{plainLine(prompt.text, 500) || fill(words.answerEmptyLabel, { number: at + 1 })}</span>
              <input
                type={prompt.echo ? 'text' : 'password'}
                autoComplete="off"
                spellCheck={false}
                maxLength={1000}
              />
            </label>
          ))}
        </div>
        <div className="buttons">
          <button type="submit" className="button main">
            {words.answer}
          </button>
          <button
            type="button"
            className="button"
            onClick={() => attempt(api().repairAnswer({ answers: null }))}
          >
            {words.giveUp}
          </button>
        </div>
      </form>
    </section>
  )
}
