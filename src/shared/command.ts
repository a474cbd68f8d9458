// The command that shows or mends a cause, ready to paste into a shell: every value in it is quoted where it must be.
import { type CauseCode, causes } from './causes.ts'
import type { Params } from './outcome.ts'
import { isPlain, shellWord } from './shell-word.ts'

/** The command of a cause, or null: where it has none, and for the reasons of `fillCommand`. */
export function commandFor(cause: CauseCode, params: Params = {}): string | null {
  const template: string | null = causes[cause].command
  return template === null ? null : fillCommand(template, params)
}

/**
 * A command with its {placeholders} filled and quoted for a POSIX shell. null where a value is missing or could not be
 * pasted safely: an option, a control or invisible character, quotes within quotes.
 */
export function fillCommand(template: string, params: Params): string | null {
  const places = [...template.matchAll(/\{(\w+)\}/g)]
  const safe = places.every(({ 1: name = '', index }) => fits(params[name], isQuoted(template, index)))
  if (!safe) return null
  return template.replace(/\{(\w+)\}/g, (_whole, name: string) => shellWord(String(params[name])))
}

/** Whether the place in the template already stands inside single or double quotes. */
function isQuoted(template: string, at: number): boolean {
  const before = template.slice(0, at)
  return (before.split("'").length - 1) % 2 === 1 || (before.split('"').length - 1) % 2 === 1
}

function fits(value: string | number | undefined, quoted: boolean): boolean {
  if (value === undefined) return false
  const text = String(value)
  if (text === '' || text.length > 1000 || text.startsWith('-')) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a control character would run or hide something when pasted
  if (/[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/.test(text))
    return false
  return !quoted || isPlain(text)
}
