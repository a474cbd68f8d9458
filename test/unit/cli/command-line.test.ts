// What all command lines have in common.
import { describe, expect, it } from 'vitest'
import { parseOptions as repair } from '../../../src/cli/repair/options.ts'
import { parseOptions as status } from '../../../src/cli/status/options.ts'
import { parseOptions as testBuild } from '../../../src/cli/test-build/options.ts'

describe.each([
  ['offload-status', status],
  ['offload-test-build', testBuild],
  ['offload-repair', repair],
] as const)('%s', (name, parse) => {
  it('explains itself in the asked language alone', () => {
    expect(parse(['--locale=pt-BR', '--help'], 'en', '1.2.3')).toMatchObject({
      code: 0,
      text: expect.not.stringMatching(/Usage:|Options:|Arguments:|Exit codes|\(choices:|\[options\]/),
    })
  })

  it.each([
    [['--locale', 'xx'], '--locale xx: choose from en, pt-BR'],
    [['--locale'], '--locale <locale> needs a value.'],
    [['--nonsense'], 'Unknown option: --nonsense'],
  ])('names what is wrong, and where to read on: %j', (args, text) => {
    const said = { kind: 'say', code: 2, text: `${text}\nSee ${name} --help.\n` }
    expect(parse(args, 'en', '1.2.3')).toEqual(said)
  })

  it('tells its version', () => {
    expect(parse(['-V'], 'en', '1.2.3')).toEqual({ kind: 'say', code: 0, text: '1.2.3\n' })
  })
})
