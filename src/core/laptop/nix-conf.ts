// nix.conf as Nix reads it, includes and all: where each setting stands, and what is broken.
// Nix itself is asked for the values (nix-settings.ts); this says which files count, names lines, and stands in for
// Nix where a broken file keeps it from answering.
import { dirname, join, resolve } from 'node:path'
import { type Problem, problem } from '../../shared/outcome.ts'
import { withoutSecrets } from '../desktop/clean-text.ts'
import { shown } from './machines.ts'
import { readText, unreadableProblem } from './read-text.ts'

export interface Assignment {
  readonly value: string
  readonly file: string
  readonly line: number
}

export interface NixConf {
  /** The last assignment of each name, extra-… under its own name. */
  readonly settings: ReadonlyMap<string, Assignment>
  /** `laptop.nix-conf-invalid` {file, line, what}: with any of these Nix stops. */
  readonly problems: readonly Problem[]
  /** Every file looked at, there or not. */
  readonly files: readonly string[]
}

const maxIncludes = 100

/** Reads DIR/nix.conf. Source of the grammar: Nix, libutil configuration.cc (parseConfigFiles). */
export async function readNixConf(nixConfDir: string): Promise<NixConf> {
  const conf = { settings: new Map<string, Assignment>(), problems: [] as Problem[], files: [] as string[] }
  await readFileInto(conf, join(nixConfDir, 'nix.conf'))
  return conf
}

type Conf = { settings: Map<string, Assignment>; problems: Problem[]; files: string[] }

/** Whether the file was there. */
async function readFileInto(conf: Conf, path: string, optional = false): Promise<boolean> {
  conf.files.push(path)
  const file = await readText(path)
  if (file.state === 'missing') return false
  if (file.state === 'unreadable') {
    // Tokens belong in a file of root's behind !include: Nix does without it for whoever may not read it.
    const isSecret = optional && file.reason === 'EACCES'
    if (!isSecret) conf.problems.push(unreadableProblem(path, file))
    return true
  }
  for (const [index, line] of file.text.split('\n').entries()) await readLine(conf, path, line, index + 1)
  return true
}

async function readLine(conf: Conf, file: string, text: string, line: number): Promise<void> {
  const tokens = text
    .replace(/#.*$/s, '')
    .split(/[ \t\r]+/)
    .filter((token) => token !== '')
  const [name, second] = tokens
  if (name === undefined) return
  const isInclude = name === 'include' || name === '!include'
  if (second === undefined || (isInclude ? tokens.length !== 2 : second !== '=')) {
    conf.problems.push(confProblem(file, line, `"${shown(withoutSecrets(text.trim()))}" (name = value)`))
    return
  }
  if (!isInclude) {
    conf.settings.set(name, { value: tokens.slice(2).join(' '), file, line })
    return
  }
  const path = resolve(dirname(file), second)
  // Nix follows a loop until it crashes; we say where it is.
  if (conf.files.length > maxIncludes) {
    conf.problems.push(confProblem(file, line, `include ${shown(second)} (> ${maxIncludes})`))
    return
  }
  const there = await readFileInto(conf, path, name === '!include')
  if (!there && name === 'include')
    conf.problems.push(confProblem(file, line, `include ${shown(path)} (ENOENT)`))
}

/** A broken nix.conf, with a `what` that needs no translation. */
export function confProblem(file: string, line: number, what: string, raw?: string): Problem {
  return problem('laptop.nix-conf-invalid', { file, line, what }, raw)
}
