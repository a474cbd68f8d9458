// The last test builds, one JSON object a line in the XDG state folder. What cannot be read is set aside, never lost.
import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { TestBuildRun } from '../../shared/test-build.ts'
import { readText } from '../laptop/read-text.ts'
import { readRun } from './history-schema.ts'

/** As many runs as are kept. */
export const keptRuns = 50

/** 50 runs with long error texts come nowhere near this. */
const maxBytes = 4_000_000

export interface HistoryRead {
  /** Oldest first. */
  readonly runs: readonly TestBuildRun[]
  /** Where the file was put because lines of it could not be read, and how many; null when all is well. */
  readonly setAside: { readonly file: string; readonly why: string } | null
}

/** The kept runs. A missing file is no run; a broken one is set aside as FILE.broken and what is whole in it stays. */
export async function loadHistory(file: string): Promise<HistoryRead> {
  const content = await readText(file, maxBytes)
  if (content.state === 'missing') return { runs: [], setAside: null }
  if (content.state === 'unreadable') return { runs: [], setAside: { file, why: content.reason } }
  // What is too long to be ours was written by something else.
  const { runs, broken } = content.truncated ? { runs: [], broken: 1 } : readRuns(content.text)
  if (broken === 0) return { runs, setAside: null }
  const aside = `${file}.broken`
  await rename(file, aside)
  await replace(file, runs)
  return { runs, setAside: { file: aside, why: `${broken} lines could not be read` } }
}

/**
 * Adds a run and gives what is kept then. The file is replaced whole, so a reader sees the old one or the new one; of
 * two processes that add in the same instant one run may be missed. Rejects where the folder cannot be written.
 */
export async function appendRun(file: string, run: TestBuildRun): Promise<HistoryRead> {
  const before = await loadHistory(file)
  const runs = [...before.runs, run].slice(-keptRuns)
  await replace(file, runs)
  return { runs, setAside: before.setAside }
}

function readRuns(content: string): { readonly runs: readonly TestBuildRun[]; readonly broken: number } {
  const lines = content.split('\n').filter((line) => line.trim() !== '')
  const read = lines.map(readRun)
  const runs = read.filter((run) => run !== null)
  return { runs: runs.slice(-keptRuns), broken: read.length - runs.length }
}

async function replace(file: string, runs: readonly TestBuildRun[]): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const temporary = `${file}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, runs.map((run) => `${JSON.stringify(run)}\n`).join(''), { mode: 0o600 })
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
