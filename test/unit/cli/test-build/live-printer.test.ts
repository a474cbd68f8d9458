// The live picture on terminals that are small, or do not tell how large they are.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { livePrinter } from '../../../../src/cli/test-build/live-printer.ts'
import { messagesFor } from '../../../../src/shared/messages/index.ts'
import type { StageId } from '../../../../src/shared/test-build.ts'

/** All that is written while one stage after the other runs, piece by piece. */
function drawn(columns: number, rows: number, running: readonly StageId[]): readonly string[] {
  const pieces: string[] = []
  const printer = livePrinter({
    write: (piece) => void pieces.push(piece),
    words: messagesFor('en'),
    names: new Map(),
    paint: (_look, text) => text,
    columns: () => columns,
    rows: () => rows,
    now: () => 0,
  })
  for (const id of running) {
    printer.event({ type: 'stage', stage: { id, state: 'running', ms: 1, bytes: { done: 1, expected: 2 } } })
    printer.event({ type: 'log', line: `doing ${id}` })
    vi.advanceTimersByTime(100)
    printer.event({ type: 'stage', stage: { id, state: 'done', ms: 2 } })
  }
  printer.note('end')
  return pieces
}

const esc = String.fromCharCode(27)
const linesOf = (piece: string) =>
  piece
    .replace(new RegExp(`${esc}\\[\\d+[AJ]`, 'g'), '')
    .trimEnd()
    .split('\n')

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the live picture', () => {
  it.each([1, 2, 3, 5, 8])('never has more lines than a terminal of %d rows can take back', (rows) => {
    for (const piece of drawn(80, rows, ['evaluate', 'upload', 'verify']).slice(0, 3)) {
      expect(linesOf(piece).length).toBeLessThanOrEqual(Math.max(1, rows - 1))
      const up = Number(new RegExp(`${esc}\\[(\\d+)A`).exec(piece)?.[1] ?? 0)
      expect(up).toBeLessThanOrEqual(Math.max(1, rows - 1))
    }
  })

  it.each([
    ['evaluate', 'Prepare'],
    ['upload', 'Upload'],
    ['verify', 'Verify'],
  ] as const)('shows the running stage %s and the last line where there is room for little', (id, name) => {
    const [piece = ''] = drawn(80, 5, [id])
    expect(piece).toContain(`▸ ${name}`)
    expect(piece).toContain(`doing ${id}`)
  })

  it('is whole at the end, when nothing is drawn over it any more', () => {
    expect(linesOf(drawn(80, 5, ['verify'])[1] ?? '')).toHaveLength(7)
  })

  it('is whole all the time on a terminal that does not tell its size', () => {
    const [piece = ''] = drawn(0, 0, ['upload'])
    expect(linesOf(piece)).toHaveLength(8)
    expect(piece).toMatch(/▸ Upload .*1 B of 2 B/)
    expect(piece).toContain('doing upload')
  })
})
