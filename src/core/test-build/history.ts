// The last test builds, one JSON object a line in the XDG state folder. What cannot be read is set aside, never lost.
import { rename } from 'node:fs/promises'
import type { TestBuildRun } from '../../shared/test-build.ts'
import { readStateFile, replaceStateFile } from '../config/state-file.ts'
import { readRun } from './history-schema.ts'

/** As many runs as are kept. */
export const keptRuns = 50

/** 50 runs with long error texts come nowhere near this. */
const maxBytes = 4_000_000

/** What the file of the history held. */
export interface HistoryRead {
  /** Oldest first. */
  readonly runs: readonly TestBuildRun[]
  /** Where the file was put because lines of it could not be read, and how many; null when all is well. */
  readonly setAside: { readonly file: string; readonly why: string } | null
}

/** The kept runs. A missing file is no run; a broken one is set aside as FILE.broken and what is whole in it stays. */
export async function loadHistory(file: string): Promise<HistoryRead> {
  const content = readStateFile(file, maxBytes)
  const aside = `${file}.broken`
  if (content.state === 'missing') return { runs: [], setAside: null }
  if (content.state === 'unreadable') {
    await rename(file, aside)
    return { runs: [], setAside: { file: aside, why: content.reason } }
  }
  // What is too long to be ours was written by something else.
  const { runs, broken } = content.truncated ? { runs: [], broken: 1 } : readRuns(content.text)
  if (broken === 0) return { runs, setAside: null }
  await rename(file, aside)
  replace(file, runs.map(lineOf))
  return { runs, setAside: { file: aside, why: `${broken} lines could not be read` } }
}

/**
 * Adds a run and gives where a file that is not ours was put; null when all is well. The file is replaced whole, so a
 * reader sees the old one or the new one; of two processes that add in the same instant one run may be missed.
 * Rejects where the folder cannot be written.
 */
export async function appendRun(file: string, run: TestBuildRun): Promise<HistoryRead['setAside']> {
  const content = readStateFile(file, maxBytes)
  const before = content.state === 'read' && !content.truncated ? linesIn(content.text) : null
  // What the lines say is judged where it is shown: the command that ends here should not wait for that.
  if (before?.every(isOurs)) {
    replace(file, [...before, lineOf(run)])
    return null
  }
  const { runs, setAside } = await loadHistory(file)
  replace(file, [...runs, run].map(lineOf))
  return setAside
}

/** Puts what is known of a kept run by now in its place; one that is no longer kept stays away. Rejects as `appendRun`. */
export async function amendRun(file: string, run: TestBuildRun): Promise<void> {
  const { runs } = await loadHistory(file)
  const isSame = (one: TestBuildRun) => one.at === run.at && one.result.uri === run.result.uri
  if (runs.some(isSame)) replace(file, runs.map((one) => (isSame(one) ? run : one)).map(lineOf))
}

/** As this program writes them, of whatever version. */
function isOurs(line: string): boolean {
  if (!line.startsWith('{"at":"')) return false
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}

function lineOf(run: TestBuildRun): string {
  return JSON.stringify(run)
}

function linesIn(content: string): readonly string[] {
  return content.split('\n').filter((line) => line.trim() !== '')
}

function readRuns(content: string): { readonly runs: readonly TestBuildRun[]; readonly broken: number } {
  const read = linesIn(content).map(readRun)
  const runs = read.filter((run) => run !== null)
  return { runs: runs.slice(-keptRuns), broken: read.length - runs.length }
}

function replace(file: string, lines: readonly string[]): void {
  replaceStateFile(
    file,
    lines
      .slice(-keptRuns)
      .map((line) => `${line}\n`)
      .join(''),
  )
}
