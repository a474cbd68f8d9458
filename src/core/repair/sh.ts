// Programs for the desktop's POSIX sh: the scripts as they are, then calls whose words are quoted as data.
import account from './scripts/account.sh?raw'
import base from './scripts/base.sh?raw'
import cacheKey from './scripts/cache-key.sh?raw'
import disk from './scripts/disk.sh?raw'
import firewall from './scripts/firewall.sh?raw'
import keys from './scripts/keys.sh?raw'
import nixConf from './scripts/nix-conf.sh?raw'
import nixosFiles from './scripts/nixos.sh?raw'
import nixosSwitch from './scripts/nixos-switch.sh?raw'
import services from './scripts/services.sh?raw'
import steps from './scripts/steps.sh?raw'
import survey from './scripts/survey.sh?raw'
import surveyCache from './scripts/survey-cache.sh?raw'
import surveyFirewall from './scripts/survey-firewall.sh?raw'
import surveyFirewallMatch from './scripts/survey-firewall-match.sh?raw'
import surveyFirewallRules from './scripts/survey-firewall-rules.sh?raw'
import surveyMachine from './scripts/survey-machine.sh?raw'
import surveyNfs from './scripts/survey-nfs.sh?raw'
import surveyNix from './scripts/survey-nix.sh?raw'
import surveyNixos from './scripts/survey-nixos.sh?raw'

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

const surveyScripts = `${survey}${surveyMachine}${surveyNix}${surveyCache}${surveyFirewall}${surveyFirewallMatch}${surveyFirewallRules}${surveyNfs}${surveyNixos}`

/** What survey.sh is asked; $1 is the laptop's address as the desktop sees it. */
export function surveyProgram(user: string, ports: SurveyPorts): string {
  const words = [user, String(ports.ssh), String(ports.cache)].map(quote).join(' ')
  return `${base}${surveyScripts}survey "$1" ${words}\nexit 0\n`
}

const nixos = `${nixosSwitch}${nixosFiles}`

/** Scripts that only some steps need. */
const topics = {
  account,
  services,
  'nix-conf': nixConf,
  'cache-key': cacheKey,
  firewall,
  disk,
  nixos,
} as const
export type ScriptTopic = keyof typeof topics

/** Asks what became of a switched system's guard, and confirms it, or sends it back at once: see guard.ts. */
export function guardProgram(folder: string, wish: 'confirm' | 'back' = 'confirm'): string {
  return `${base}${nixosSwitch}settle_guard ${quote(folder)}${wish === 'back' ? ' back' : ''}\nexit 0\n`
}

/** The three functions of a step, as lines of sh made by `call`. */
export interface StepCode {
  readonly id: string
  readonly check: string
  readonly run: readonly string[]
  /** Brings back what was, after a failure half-way; none where nothing half-done can be left. */
  readonly undo: readonly string[]
  /** Takes a finished step back; as `undo` where it is not given. */
  readonly takeBack?: readonly string[]
  /** What it did cannot be taken back, where it is cut off either. */
  readonly final?: boolean
  /** How long `run` may take; then it is ended and rolled back. */
  readonly seconds?: number
  /** What its lines call beyond base.sh, keys.sh and steps.sh. */
  readonly scripts?: readonly ScriptTopic[]
}

/** useradd may wait for a lock, a unit for its start; nothing short takes longer on a machine that works. */
export const stepSeconds = 60

/** A finished step taken back: done once, whatever state it finds. `backup`: where it kept the old file. */
export function takeBackCode(
  { id, takeBack, undo, seconds, scripts = [] }: StepCode,
  backup = '',
): StepCode | null {
  const lines = takeBack ?? undo
  if (lines.length === 0) return null
  const name = quote(id)
  return {
    id,
    check: `[ "$taken_back" = ${name} ]`,
    run: [`last_backup=${quote(backup)}`, ...lines, `taken_back=${name}`],
    undo: [],
    scripts,
    ...(seconds === undefined ? {} : { seconds }),
  }
}

/** What becomes of a step that is cut off (steps.sh). */
function cutOf({ final = false, scripts = [], undo }: StepCode): 'undo' | 'whole' | 'stays' | 'topic' {
  // What is under way on NixOS has an end of its own (nixos.sh, at_end).
  if (scripts.includes('nixos')) return 'topic'
  if (final) return 'stays'
  return undo.length === 0 ? 'whole' : 'undo'
}

/** Steps, one after the other. `token` marks their news among the output. */
export function stepsProgram(token: string, codes: readonly StepCode[]): string {
  const functions = codes.map(
    ({ check, run, undo }, n) =>
      `check_${n}() { ${check}; }\ndo_${n}() { ${run.join(' && ')}; }\nundo_${n}() { ${undo.join('; ') || 'return 1'}; }\n`,
  )
  const runs = codes.map((code, n) => {
    const { id, seconds, scripts = [] } = code
    // What only changes files and accounts waits for nobody for long: it gets no clock, which costs two processes.
    const limit = seconds ?? (scripts.length > 0 ? stepSeconds : 0)
    return `step ${quote(id)} ${n} ${Math.ceil(limit)} ${cutOf(code)}`
  })
  const wanted = new Set(codes.flatMap(({ scripts = [] }) => scripts))
  const more = Object.entries(topics).flatMap(([topic, text]) =>
    wanted.has(topic as ScriptTopic) ? [text] : [],
  )
  // One line: the shell has read it all before it begins, and the rest of stdin is the link that is watched.
  return `${base}${keys}${steps}${more.join('')}${functions.join('')}begin ${quote(token)}; ${[...runs, 'exit 0'].join('; ')}\n`
}
