// What plain arguments ask for is read twice: quickly before anything is loaded, and by the real command line.
import { describe, expect, it } from 'vitest'
import { parseOptions } from '../../../../src/cli/test-build/options.ts'
import { plainWishes } from '../../../../src/cli/test-build/wishes.ts'

const pieces: readonly (readonly string[])[] = [
  ['--json'],
  ['--no-color'],
  ['--ask-root'],
  ['--payload', '2M'],
  ['--payload=64KiB'],
  ['--payload', '1'],
  ['--payload', 'lots'],
  ['--timeout', '90s'],
  ['--timeout', 'soon'],
  ['--builder', 'desktop'],
  ['--builder=ssh-ng://nix-builder@desktop'],
  ['--builder'],
  ['--builder', '--json'],
  ['--locale', 'pt-BR'],
  ['--locale', 'xx'],
  ['--help'],
  ['-V'],
  ['--jso'],
  ['--json=yes'],
  ['--payload='],
  ['more'],
  ['--'],
  [''],
]

const lists = [[], ...pieces, ...pieces.flatMap((one) => pieces.map((two) => [...one, ...two]))]

describe('the quick look at the arguments', () => {
  it.each(lists.map((args) => [args]))(
    'at %j sees what commander sees, or leaves it to commander',
    (args) => {
      const quick = plainWishes(args)
      const parsed = parseOptions(args, 'en', '1.0')
      if (parsed.kind === 'say') expect(quick).toBeNull()
      else if (quick !== null) expect(parsed.options).toMatchObject(quick)
    },
  )

  it.each([[[]], [['--json']], [['--payload', '64M', '--json', '--builder=desktop', '--timeout', '5m']]])(
    'takes %j at once',
    (args) => {
      expect(plainWishes(args)).not.toBeNull()
    },
  )
})
