// Tells listeners how a test build goes: a stage whenever it changes, bytes not more often than an eye can follow.
import type { Stage, TestBuildEvent } from '../../shared/test-build.ts'
import { currentStage, type Track } from './track.ts'

/** Hears every event in its order; it must not throw. */
export type Listener = (event: TestBuildEvent) => void

/** Turns what a run does into events. */
export interface Reporter {
  subscribe(listener: Listener): () => void
  /** Tells what changed between two tracks. */
  moved(before: Track, after: Track, now: number): void
  log(line: string): void
  send(event: TestBuildEvent): void
}

/** Bytes are told at most this often, in ms. */
const bytesEveryMs = 100
/** More log lines than this help nobody; the rest is counted in one line. */
const maxLogLines = 2_000

/** A reporter that nobody listens to yet; what is told before somebody does is lost. */
export function createReporter(): Reporter {
  const listeners = new Set<Listener>()
  let lastBytes = -Infinity
  let logged = 0
  const send = (event: TestBuildEvent) => {
    for (const listener of [...listeners]) listener(event)
  }
  const stage = (one: Stage) => send({ type: 'stage', stage: one })
  return {
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    moved(before, after, now) {
      if (after === before) return
      if (after.current === before.current && !ended(after)) {
        if (after.stages === before.stages || now - lastBytes < bytesEveryMs) return
        lastBytes = now
        return stage(currentStage(after, now))
      }
      for (const [index, one] of after.stages.entries()) {
        const was = before.stages[index]
        if (was?.state !== one.state) stage(one)
      }
    },
    log(line) {
      logged += 1
      if (logged < maxLogLines) send({ type: 'log', line })
      else if (logged === maxLogLines) send({ type: 'log', line: '…' })
    },
    send,
  }
}

function ended(track: Track): boolean {
  return track.stages.every((one) => one.state !== 'running')
}
