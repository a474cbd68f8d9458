// The words of the window in the language of the state.
import type { Locale } from '../shared/locale.ts'
import { type Messages, messagesFor } from '../shared/messages/index.ts'
import { useAppState } from './store.ts'

export interface Words {
  readonly locale: Locale
  readonly messages: Messages
}

/** The language of the state and its words. */
export function useWords(): Words {
  const locale = useAppState((state) => state.locale)
  return { locale, messages: messagesFor(locale) }
}
