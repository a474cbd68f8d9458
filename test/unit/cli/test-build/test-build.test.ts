// What offload-test-build takes and prints.
import { describe, expect, it } from 'vitest'
import { plainPaint } from '../../../../src/cli/status/paint.ts'
import { eventJson } from '../../../../src/cli/test-build/json.ts'
import { livePrinter } from '../../../../src/cli/test-build/live-printer.ts'
import { parseOptions } from '../../../../src/cli/test-build/options.ts'
import { bytesText, plainPrinter, stageLine } from '../../../../src/cli/test-build/printer.ts'
import { parseDuration, parseSize, sizeText, timeText } from '../../../../src/cli/test-build/size.ts'
import { wrapped } from '../../../../src/cli/test-build/verdict-text.ts'
import { messagesFor } from '../../../../src/shared/messages/index.ts'
import type { Stage, TestBuildResult } from '../../../../src/shared/test-build.ts'

const passed: TestBuildResult = {
  ok: true,
  builder: 'ssh-ng://b@desktop',
  uri: 'ssh-ng://b@desktop',
  ms: 912.34,
  stages: [{ id: 'upload', ms: 5.678 }],
  remote: { bootId: '9faee38c', kernel: '6.1' },
  outPath: '/nix/store/p',
}
const failed: Extract<TestBuildResult, { ok: false }> = {
  ok: false,
  builder: 'ssh-ng://b@desktop',
  uri: 'ssh-ng://b@desktop',
  problem: { cause: 'nix.not-trusted', params: { host: 'desktop', user: 'b' }, raw: 'error: \u001b[31mno' },
  stage: 'upload',
  ms: 300,
  stages: [],
  cancelled: false,
}
const hidden: Extract<TestBuildResult, { ok: false }> = {
  ...failed,
  problem: { cause: 'nix.no-answer', params: { host: 'desktop', user: 'b' }, raw: 'unexpected end-of-file' },
}
const names = new Map([['ssh-ng://b@desktop', 'desktop']])

/** A live printer on a terminal of 80 columns, and what it has written so far. */
function livePrinted() {
  let text = ''
  const write = (piece: string) => {
    text += piece
  }
  const shown = { words: messagesFor('en'), names, paint: plainPaint, columns: () => 80, now: () => 0 }
  return { printer: livePrinter({ write, ...shown }), said: () => text }
}

describe('sizes and times', () => {
  it.each([
    ['1M', 1_048_576],
    ['64MiB', 67_108_864],
    ['1g', 1_073_741_824],
    ['0.5M', 524_288],
    ['0,5M', 524_288],
    ['65536', 65_536],
    ['M', null],
    ['-1M', null],
    ['1T', null],
    ['', null],
  ])('%j is %s bytes', (text, bytes) => expect(parseSize(text)).toBe(bytes))

  it.each([
    ['90', 90_000],
    ['90s', 90_000],
    ['1,5m', 90_000],
    ['5m', 300_000],
    ['0', null],
    ['soon', null],
  ])('%j is %s ms', (text, ms) => expect(parseDuration(text)).toBe(ms))

  it.each([
    ['en', ['1.0 MiB', '64 KiB', '1.00 GiB', '87 ms', '1.2 s', '10 s']],
    ['pt-BR', ['1,0 MiB', '64 KiB', '1,00 GiB', '87 ms', '1,2 s', '10 s']],
  ] as const)('are written with units, as %s does', (locale, texts) => {
    const words = messagesFor(locale)
    const sizes = [1_048_576, 65_536, 2 ** 30].map((bytes) => sizeText(bytes, words))
    expect([...sizes, ...[87.4, 1234, 10_000].map((ms) => timeText(ms, words))]).toEqual(texts)
  })
})

describe('the options', () => {
  it('have defaults', () => {
    expect(parseOptions([], 'en', '1')).toMatchObject({
      kind: 'run',
      options: { json: false, payloadBytes: 1_048_576, timeoutMs: null, builder: null, locale: null },
    })
  })

  it.each([
    [['--payload', '2G'], /2G is not a size/],
    [['--payload', '1K'], /1K is not a size/],
    [['--timeout', 'x'], /x is not a time/],
    [['--locale', 'fr'], /fr/],
    [['--what'], /Unknown option: --what/],
    [['more'], /Unknown argument: more\n/],
    [['--payload', '1M', 'extra'], /Unknown argument: extra\n/],
    [['--', '--json'], /Unknown argument: --json\n/],
    [['--payload'], /--payload <size> needs a value/],
    [['--payload='], /--payload <size> needs a value/],
    [['--timeout', '--json'], /--timeout <time> needs a value/],
    [['--builder='], /--builder <name> needs a value/],
    [['--payload', '0'], /0 is not a size/],
    [['--payload', '-5M'], /-5M is not a size/],
  ])('%j is wrong usage', (args, text) => {
    expect(parseOptions(args, 'en', '1')).toMatchObject({
      kind: 'say',
      code: 2,
      text: expect.stringMatching(text),
    })
  })

  it.each([
    [['--payload', '1.5M'], { payloadBytes: 1_572_864 }],
    [['--payload', '64M', '--payload', '2M'], { payloadBytes: 2_097_152 }],
    [['--json', '--ask-root', '--json'], { json: true, askRoot: true }],
    [['--timeout', '999999h'], { timeoutMs: 999_999 * 3_600_000 }],
  ])('%j is taken, the last of a kind', (args, options) => {
    expect(parseOptions(args, 'en', '1')).toMatchObject({ kind: 'run', options })
  })

  it('are explained in the asked language', () => {
    expect(parseOptions(['--help', '--locale', 'pt-BR'], 'en', '1')).toMatchObject({
      code: 0,
      text: expect.stringContaining('Opções'),
    })
  })
})

describe('JSON', () => {
  it('has the documented keys', () => {
    expect(JSON.parse(eventJson({ type: 'result', result: passed }))).toEqual({
      type: 'result',
      ok: true,
      builder: 'ssh-ng://b@desktop',
      uri: 'ssh-ng://b@desktop',
      ms: 912.3,
      stages: [{ id: 'upload', ms: 5.7 }],
      remote: { bootId: '9faee38c', kernel: '6.1' },
      outPath: '/nix/store/p',
    })
    expect(JSON.parse(eventJson({ type: 'result', result: failed }))).toMatchObject({
      ok: false,
      cause: 'nix.not-trusted',
      stage: 'upload',
    })
  })

  it('says what came of asking root, and why nobody was asked', () => {
    const read = (asRoot: NonNullable<typeof hidden.asRoot>) =>
      JSON.parse(eventJson({ type: 'result', result: { ...hidden, asRoot } }))
    expect(read({ state: 'answers' })).toMatchObject({ cause: 'nix.no-answer', asRoot: { state: 'answers' } })
    expect(read({ state: 'refused', problem: { cause: 'laptop.pkexec-refused' } }).asRoot).toEqual({
      state: 'refused',
      cause: 'laptop.pkexec-refused',
    })
    expect(JSON.parse(eventJson({ type: 'result', result: hidden }))).not.toHaveProperty('asRoot')
  })

  it('is one line that no terminal acts on', () => {
    const line = eventJson({ type: 'log', line: 'a\nb\u001b[31m\u009b\u202e' })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/)
    expect(JSON.parse(line)).toEqual({ type: 'log', line: 'a\nb\u001b[31m\u009b\u202e' })
  })
})

describe('plain lines', () => {
  function print(locale: 'en' | 'pt-BR', result: TestBuildResult): string {
    let text = ''
    const write = (piece: string) => {
      text += piece
    }
    const printer = plainPrinter({ write, words: messagesFor(locale), names, paint: plainPaint })
    printer.event({ type: 'stage', stage: { id: 'upload', state: 'running', ms: 0 } })
    printer.event({
      type: 'stage',
      stage: { id: 'upload', state: 'done', ms: 5, bytes: { done: 1_048_576, expected: 1_048_576 } },
    })
    printer.event({ type: 'result', result })
    return text
  }

  it('say what was proven', () => {
    expect(print('en', passed)).toMatch(
      /^✓ Upload .*5 ms {2}1\.0 MiB of 1\.0 MiB\n✓ Built on desktop in 912 ms\n {2}Boot id there: 9faee38c\n/,
    )
  })

  it('do not say that the upload went well before that is sure', () => {
    let text = ''
    const write = (piece: string) => {
      text += piece
    }
    const printer = plainPrinter({ write, words: messagesFor('en'), names, paint: plainPaint })
    const stage = (id: 'upload' | 'build', state: Stage['state']) =>
      printer.event({ type: 'stage', stage: { id, state, ms: 5 } })
    stage('upload', 'done')
    stage('build', 'running')
    printer.event({ type: 'log', line: 'error: cannot add path' })
    expect(text).toBe('  | error: cannot add path\n')
    stage('upload', 'running')
    stage('build', 'pending')
    stage('upload', 'failed')
    expect(text).toMatch(/^ {2}\| error: cannot add path\n✗ Upload .*\n$/)
    text = ''
    stage('upload', 'done')
    stage('build', 'running')
    printer.event({ type: 'log', line: 'offload-test-build: start x' })
    expect(text).toMatch(/^✓ Upload .*\n {2}\| offload-test-build: start x\n$/)
    stage('build', 'failed')
    expect(text.match(/Upload/g)).toHaveLength(1)
  })

  it('say why not, what mends it and what Nix said, in both languages', () => {
    const english = print('en', failed)
    expect(english).toContain('✗ Not built on desktop: Nix on desktop does not trust b')
    expect(english).toContain('    error: no')
    expect(print('pt-BR', failed)).toContain('✗ Não foi construído em desktop')
  })

  it('say of a build that failed over there what to do before the next one', () => {
    const problem = { cause: 'nix.build-failed', params: { host: 'desktop' }, raw: 'cannot fork' } as const
    expect(print('en', { ...failed, problem })).toMatch(
      /\n {2}Mend on desktop what the log says, then run .*\n {2}→ offload-test-build\n.*\n {4}cannot fork\n/,
    )
  })

  it('name the command that asks root where Nix hides its reason', () => {
    expect(print('en', hidden)).toContain('→ offload-test-build --ask-root\n')
  })

  it.each([
    [{ state: 'told' }, 'what root was told'],
    [{ state: 'answers' }, '! Root gets in, and Nix on desktop answers now'],
    [{ state: 'answers' }, '→ offload-test-build\n'],
    [{ state: 'unknown' }, '→ sudo journalctl -u nix-daemon -n 20\n'],
    [
      { state: 'refused', problem: { cause: 'laptop.pkexec-refused' } },
      '! Root was not asked: the administrator’s password was not given.\n',
    ],
  ] as const)('tell of root that was asked (%j)', (asRoot, text) => {
    expect(print('en', { ...hidden, asRoot })).toContain(text)
    expect(print('pt-BR', { ...hidden, asRoot })).toMatch(/root/)
  })

  it('send nobody to root again whom root has answered', () => {
    expect(print('en', hidden)).toContain('  Ask as root:')
    expect(print('en', { ...hidden, asRoot: { state: 'answers' } })).not.toContain('Ask as root')
    expect(print('en', { ...hidden, asRoot: { state: 'unknown' } })).not.toContain('Ask as root')
  })

  it('tell a person who could not choose why', () => {
    const asked = { ...passed, asked: { builder: 'ssh://other', heeded: false } }
    expect(print('en', asked)).toContain('only trusted users of this laptop may choose')
  })
})

describe('a verdict on a terminal', () => {
  it('breaks its sentences between words, and keeps them whole', () => {
    const text = '✗ Not built on desktop: Nix on desktop does not trust nix-builder'
    const lines = wrapped(text, 40).split('\n')
    expect(lines.every((line) => line.length <= 40)).toBe(true)
    expect(lines.map((line) => line.trim()).join(' ')).toBe(text)
    expect(lines.slice(1).every((line) => line.startsWith('  '))).toBe(true)
  })

  it('keeps its indentation, and a word that is too long for any line', () => {
    expect(wrapped('  one two', 6)).toBe('  one\n  two')
    expect(wrapped('  abcdefghijkl x', 6)).toBe('  abcdefghijkl\n  x')
    expect(wrapped('  one two', Infinity)).toBe('  one two')
  })
})

describe('the live picture', () => {
  it('draws a bar of bytes', () => {
    const words = messagesFor('en')
    const stage = {
      id: 'upload',
      state: 'running',
      ms: 5,
      bytes: { done: 512 * 1024, expected: 1024 * 1024 },
    } as const
    expect(bytesText(stage, words)).toBe(`[${'#'.repeat(12)}${'·'.repeat(12)}] 512 KiB of 1.0 MiB`)
  })

  it.each([
    [80, '] 512 KiB of 1.0 MiB'],
    [40, ' 50 %'],
    [30, 'Upload'],
  ] as const)('never draws a stage wider than %d columns', (columns, shown) => {
    const stage = {
      id: 'upload',
      state: 'running',
      ms: 1234,
      bytes: { done: 524_288, expected: 1_048_576 },
    } as const
    const line = stageLine(stage, messagesFor('en'), (_look, text) => text, columns)
    expect(line.length).toBeLessThanOrEqual(columns)
    expect(line).toContain(shown)
  })

  it('stays above what others write below it, once there is something to say before the verdict', () => {
    const { printer, said } = livePrinted()
    printer.event({ type: 'stage', stage: { id: 'evaluate', state: 'done', ms: 5 } })
    printer.note('asking')
    const before = said()
    printer.event({ type: 'result', result: hidden })
    expect(before.endsWith('asking\n')).toBe(true)
    // Nothing that was drawn is drawn over.
    expect(said().slice(before.length)).toMatch(/^✗ Not built on desktop/)
  })

  it('ends with the verdict under all seven stages', () => {
    const { printer, said } = livePrinted()
    printer.event({ type: 'stage', stage: { id: 'evaluate', state: 'done', ms: 5 } })
    printer.event({ type: 'result', result: passed })
    for (const name of Object.values(messagesFor('en').testBuild.stages)) expect(said()).toContain(name)
    expect(said()).toContain('Built on desktop')
  })
})
