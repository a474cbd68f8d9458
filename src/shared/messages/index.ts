// The words of every face in every language. A missing key is a compile error: pt-BR must satisfy the shape of en.
import type { Locale } from '../locale.ts'
import { en } from './en.ts'
import { ptBR } from './pt-BR.ts'

export type Messages = typeof en

/** The words in a language. */
export function messagesFor(locale: Locale): Messages {
  switch (locale) {
    case 'en':
      return en
    case 'pt-BR':
      return ptBR
    default:
      return locale satisfies never
  }
}
