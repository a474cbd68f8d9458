// Which language to speak, and how a message's {placeholders} are filled.
import type { Params } from './outcome.ts'

export const locales = ['en', 'pt-BR'] as const
export type Locale = (typeof locales)[number]

/** The locale for a LANG-like value ("pt_BR.UTF-8", "pt-PT", "C"): any Portuguese gives pt-BR, the rest English. */
export function localeOf(language: string | undefined): Locale {
  return /^pt([_.@-]|$)/i.test(language ?? '') ? 'pt-BR' : 'en'
}

/** Fills {name} from params; an unknown name stays as it is written, so that a slip shows in a test and hides nothing. */
export function fill(text: string, params: Params = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(params, name) ? String(params[name]) : whole,
  )
}

/** The locale that an environment asks for, in POSIX's order: LC_ALL, LC_MESSAGES, LANG; an empty one does not count. */
export function localeOfEnvironment(env: Readonly<Record<string, string | undefined>>): Locale {
  return localeOf(env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'])
}
