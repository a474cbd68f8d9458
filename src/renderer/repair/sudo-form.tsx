// Asks for the sudo password, wherever a phase needs it.
import { type FormEvent, type ReactNode, useRef } from 'react'
import { SecretInput, takeSecret } from './secret-input.tsx'

interface SudoFormProps {
  readonly label: string
  readonly submit: string
  readonly onPassword: (password: string) => void
  /** Further buttons beside the main one. */
  readonly children?: ReactNode
}

/** The password goes to `onPassword` and is nowhere else after. */
export function SudoForm({ label, submit, onPassword, children }: SudoFormProps) {
  const secret = useRef<HTMLInputElement>(null)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    onPassword(takeSecret(secret))
  }
  return (
    <form className="sudo" onSubmit={onSubmit} autoComplete="off">
      <SecretInput label={label} input={secret} />
      <div className="buttons">
        <button type="submit" className="button main">
          {submit}
        </button>
        {children}
      </div>
    </form>
  )
}
