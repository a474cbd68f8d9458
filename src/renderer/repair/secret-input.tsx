// An input for a secret: never in React's state, and empty again the moment it was sent.
import type { RefObject } from 'react'

interface SecretInputProps {
  readonly label: string
  readonly input: RefObject<HTMLInputElement | null>
  readonly describedBy?: string | undefined
}

/** A password field with its label; the form reads it by `takeSecret`. */
export function SecretInput({ label, input, describedBy }: SecretInputProps) {
  return (
    <label className="field">
      <span>{label}</span>
      <input
        type="password"
        ref={input}
        autoComplete="off"
        spellCheck={false}
        maxLength={1000}
        aria-describedby={describedBy}
      />
    </label>
  )
}

/** What stands in the field; the field is empty after. */
export function takeSecret(input: RefObject<HTMLInputElement | null>): string {
  const element = input.current
  if (element === null) return ''
  const { value } = element
  element.value = ''
  return value
}
