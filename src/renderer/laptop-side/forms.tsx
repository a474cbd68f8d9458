// What only the person knows: the cache's key, the desktop's new address, where a first desktop is.
import { type FormEvent, useId, useState } from 'react'
import { isCacheKey, isHost, isUser } from '../../shared/laptop-side.ts'
import { fill } from '../../shared/locale.ts'
import { api } from '../api.ts'
import type { GuideIn } from '../repair/guide.ts'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'

interface FieldProps {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly wrong: string | null
  readonly onChange: (value: string) => void
}

function Field({ label, hint, value, wrong, onChange }: FieldProps) {
  const id = useId()
  return (
    <label className="field">
      <span>{label}</span>
      <input
        type="text"
        value={value}
        placeholder={hint}
        onChange={(event) => onChange(event.target.value)}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={300}
        aria-invalid={wrong !== null}
        aria-describedby={wrong === null ? undefined : id}
      />
      {wrong !== null && (
        <span id={id} className="field-wrong" role="alert">
          {wrong}
        </span>
      )}
    </label>
  )
}

interface OneLineProps extends Pick<FieldProps, 'label' | 'hint'> {
  /** Said where what was typed is not right. */
  readonly wrong: string
  /** The button's word. */
  readonly use: string
  readonly isRight: (text: string) => boolean
  readonly onUse: (text: string) => unknown
}

/** One field and its button. */
function OneLine({ wrong, use, isRight, onUse, ...field }: OneLineProps) {
  const [value, setValue] = useState('')
  const [isWrong, setWrong] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const text = value.trim()
    setWrong(!isRight(text))
    if (isRight(text)) onUse(text)
  }
  return (
    <form className="sign-in" onSubmit={submit} autoComplete="off">
      <Field {...field} value={value} wrong={isWrong ? wrong : null} onChange={setValue} />
      <div className="buttons">
        <button type="submit" className="button">
          {use}
        </button>
      </div>
    </form>
  )
}

interface GuideProps {
  readonly guide: GuideIn<'laptop'>
  readonly host: string
}

/** The cache's key, by a repair that reads it there, or by hand. */
export function CacheKeyForm({ guide, host }: GuideProps) {
  const { messages } = useWords()
  const words = messages.laptopSide
  const builder = guide.builder === '' ? guide.host : guide.builder
  return (
    <section className="card repair-card">
      <p>{fill(words.unknownKey, { host })}</p>
      <div className="buttons">
        <button type="button" className="button main" onClick={() => attempt(api().repairOpen({ builder }))}>
          {fill(words.toRepair, { host })}
        </button>
      </div>
      <OneLine
        label={words.cacheKey}
        hint={words.cacheKeyHint}
        wrong={words.cacheKeyWrong}
        use={words.cacheKeyUse}
        isRight={isCacheKey}
        onUse={(cacheKey) => attempt(api().laptopOpen({ ...guide.wish, cacheKey }))}
      />
    </section>
  )
}

/** Taken only where the known host key is shown there. */
export function NewAddressForm({ guide, host }: GuideProps) {
  const { messages } = useWords()
  const words = messages.laptopSide
  return (
    <section className="card repair-card">
      <h2>{fill(words.movedTitle, { host })}</h2>
      <p className="quiet">{fill(words.movedIntro, { host })}</p>
      <OneLine
        label={words.newAddress}
        wrong={words.addressWrong}
        use={words.newAddressUse}
        isRight={isHost}
        onUse={(newAddress) => attempt(api().laptopOpen({ ...guide.wish, newAddress }))}
      />
    </section>
  )
}

/** Where the first desktop is, and as whom Nix signs in there. */
export function FirstForm() {
  const { messages } = useWords()
  const words = messages.laptopSide
  const [host, setHost] = useState('')
  const [user, setUser] = useState('nix-builder')
  const [tried, setTried] = useState(false)
  const first = { host: host.trim(), user: user.trim() }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (isHost(first.host) && isUser(first.user)) void attempt(api().laptopOpen({ first }))
  }
  return (
    <form className="sign-in" onSubmit={submit} autoComplete="off">
      <Field
        label={words.firstHost}
        hint={words.firstHostHint}
        value={host}
        wrong={tried && !isHost(first.host) ? words.hostWrong : null}
        onChange={setHost}
      />
      <Field
        label={words.firstUser}
        value={user}
        wrong={tried && !isUser(first.user) ? words.userWrong : null}
        onChange={setUser}
      />
      <div className="buttons">
        <button type="submit" className="button main">
          {words.firstGo}
        </button>
      </div>
    </form>
  )
}
