// Programs for the desktop's POSIX sh: the scripts as they are, then calls whose words are quoted as data.
import base from './scripts/base.sh?raw'
import keys from './scripts/keys.sh?raw'
import steps from './scripts/steps.sh?raw'
import survey from './scripts/survey.sh?raw'
import surveyMachine from './scripts/survey-machine.sh?raw'

/** A word that sh takes for exactly these bytes: in single quotes nothing has a meaning (POSIX, 2.2.2). */
export function quote(word: string): string {
  return `'${word.replaceAll('\0', '').replaceAll("'", `'\\''`)}'`
}

/** One call with its words. The name is this program's own, never anybody else's text. */
export function call(name: string, words: readonly string[]): string {
  return [name, ...words.map(quote)].join(' ')
}

/** Ports of the desktop that the laptop uses. */
export interface SurveyPorts {
  readonly ssh: number
  readonly cache: number
}

/** What survey.sh is asked; $1 is the laptop's address as the desktop sees it. */
export function surveyProgram(user: string, ports: SurveyPorts): string {
  const words = [user, String(ports.ssh), String(ports.cache)].map(quote).join(' ')
  return `${base}${survey}${surveyMachine}survey "$1" ${words}\nexit 0\n`
}

/** The three functions of a step, as lines of sh made by `call`. */
export interface StepCode {
  readonly id: string
  readonly check: string
  readonly run: readonly string[]
  /** Brings back what was, after a failure half-way; none where nothing half-done can be left. */
  readonly undo: readonly string[]
}

/** Steps, one after the other. `token` marks their news among the output. */
export function stepsProgram(token: string, codes: readonly StepCode[]): string {
  const functions = codes.map(
    ({ check, run, undo }, n) =>
      `check_${n}() { ${check}; }\ndo_${n}() { ${run.join(' && ')}; }\nundo_${n}() { ${undo.join('; ') || 'return 1'}; }\n`,
  )
  const runs = codes.map(({ id }, n) => `step ${quote(id)} ${n}`)
  // One line: the shell has read it all before it begins, and the rest of stdin is the link that is watched.
  return `${base}${keys}${steps}${functions.join('')}begin ${quote(token)}; ${[...runs, 'exit 0'].join('; ')}\n`
}
