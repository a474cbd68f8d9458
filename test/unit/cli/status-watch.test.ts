// What --watch prints of a run of snapshots: a line or a block a change, on a terminal also newer proof.
import { describe, expect, it } from 'vitest'
import { watchPrinter } from '../../../src/cli/status/watch.ts'
import { builder, silent, snapshot } from '../shared/snapshots.ts'

const ready = { snapshot: snapshot(), checking: false }
const local = { snapshot: snapshot({ builders: [builder([silent])] }), checking: false }

function printed(redraw: boolean, show: (overall: string) => string) {
  let out = ''
  const print = watchPrinter({
    redraw,
    show: (given) => show(given.overall),
    write: (text) => {
      out += text
    },
  })
  print(ready, 'changed')
  print(ready, 'proven')
  print(ready, 'checking')
  print(local, 'changed')
  return out
}

describe('--watch', () => {
  it('prints one line a change', () => {
    expect(printed(false, (overall) => `${overall}\n`)).toBe('ready\nlocal\n')
  })

  it('prints one block a change where its output is piped, with a line between', () => {
    expect(printed(false, (overall) => `a\n\n${overall}\n`)).toBe('a\n\nready\n\na\n\nlocal\n')
  })

  it('redraws a terminal also for newer proof', () => {
    const home = `${String.fromCharCode(27)}[H${String.fromCharCode(27)}[J`
    expect(printed(true, (overall) => `${overall}\n`)).toBe(`${home}ready\n${home}ready\n${home}local\n`)
  })
})
