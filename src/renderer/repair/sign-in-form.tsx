// The form of a sign-in: user, way, and the one secret that the way needs.
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import type { SignIn } from '../../shared/guide.ts'
import { fill } from '../../shared/locale.ts'
import { api } from '../api.ts'
import { plainLine } from '../plain.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'
import type { GuideIn } from './guide.ts'
import { SecretInput, takeSecret } from './secret-input.tsx'

type Way = SignIn['kind']

interface SignInFormProps {
  readonly guide: GuideIn<'sign-in'>
  readonly host: string
  readonly way: Way
  readonly onWay: (way: Way) => void
}

/** What is typed as a secret lives in the field alone until it is sent. */
export function SignInForm({ guide, host, way, onWay: setWay }: SignInFormProps) {
  const { messages } = useWords()
  const words = messages.repairView
  const [user, setUser] = useState(guide.user)
  const secret = useRef<HTMLInputElement>(null)
  const file = useRef<HTMLInputElement>(null)
  const [keyFile, setKeyFile] = useState(guide.keyFiles[0] ?? '')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (guide.busy || user.trim() === '') return
    const how = howOf(way, keyFile === '' ? (file.current?.value.trim() ?? '') : keyFile, takeSecret(secret))
    if (how !== null) void attempt(api().repairSignIn({ user: user.trim(), how }))
  }
  return (
    <form className="sign-in" onSubmit={submit} autoComplete="off">
      <label className="field">
        <span>{fill(words.user, { host })}</span>
        <input
          type="text"
          value={user}
          onChange={(event) => setUser(event.target.value)}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={200}
        />
      </label>
      <fieldset>
        <legend>{words.way}</legend>
        <WayChoice way="agent" chosen={way} onChoose={setWay} disabled={guide.agentKeys === 0}>
          {words.wayAgent} <span className="quiet">{agentKeys(guide.agentKeys, words)}</span>
        </WayChoice>
        <WayChoice way="key-file" chosen={way} onChoose={setWay}>
          {words.wayKeyFile}
        </WayChoice>
        {way === 'key-file' && (
          <div className="way-more">
            <KeyFileChoice files={guide.keyFiles} chosen={keyFile} onChoose={setKeyFile} />
            {keyFile === '' && (
              <label className="field">
                <span>{words.keyFilePath}</span>
                <input
                  type="text"
                  ref={file}
                  autoComplete="off"
                  spellCheck={false}
                  placeholder="~/.ssh/id_ed25519"
                  maxLength={4000}
                />
              </label>
            )}
            <SecretInput label={words.passphrase} input={secret} />
          </div>
        )}
        <WayChoice way="password" chosen={way} onChoose={setWay}>
          {words.wayPassword}
        </WayChoice>
        {way === 'password' && (
          <div className="way-more">
            <SecretInput label={fill(words.password, { user: plainLine(user, 60) })} input={secret} />
          </div>
        )}
        <WayChoice way="keyboard-interactive" chosen={way} onChoose={setWay}>
          {fill(words.wayQuestions, { host })}
        </WayChoice>
      </fieldset>
      <div className="buttons">
        <button type="submit" className="button main" aria-disabled={guide.busy}>
          {words.signIn}
        </button>
      </div>
    </form>
  )
}

function howOf(way: Way, path: string, secret: string): SignIn | null {
  switch (way) {
    case 'agent':
    case 'keyboard-interactive':
      return { kind: way }
    case 'password':
      return { kind: way, password: secret }
    case 'key-file':
      if (path === '') return null
      return secret === '' ? { kind: way, path } : { kind: way, path, passphrase: secret }
    default:
      return way satisfies never
  }
}

interface WayChoiceProps {
  readonly way: Way
  readonly chosen: Way
  readonly onChoose: (way: Way) => void
  readonly disabled?: boolean
  readonly children: ReactNode
}

function WayChoice({ way, chosen, onChoose, disabled = false, children }: WayChoiceProps) {
  return (
    <label className={disabled ? 'radio quiet' : 'radio'}>
      <input
        type="radio"
        name="way"
        checked={way === chosen}
        disabled={disabled}
        onChange={() => onChoose(way)}
      />
      <span>{children}</span>
    </label>
  )
}

interface KeyFileChoiceProps {
  readonly files: readonly string[]
  readonly chosen: string
  readonly onChoose: (path: string) => void
}

/** The key files of this person, and one more line for any other ('' stands for that). */
function KeyFileChoice({ files, chosen, onChoose }: KeyFileChoiceProps) {
  const { messages } = useWords()
  const words = messages.repairView
  if (files.length === 0) return null
  return (
    <label className="field">
      <span>{words.keyFile}</span>
      <select value={chosen} onChange={(event) => onChoose(event.target.value)}>
        {files.map((path) => (
          <option key={path} value={path}>
            {plainLine(path, 200)}
          </option>
        ))}
        <option value="">{words.keyFileOther}</option>
      </select>
    </label>
  )
}

function agentKeys(
  count: number,
  words: { readonly wayAgentNone: string; readonly wayAgentOne: string; readonly wayAgentMany: string },
): string {
  if (count === 0) return words.wayAgentNone
  return count === 1 ? words.wayAgentOne : fill(words.wayAgentMany, { count })
}
