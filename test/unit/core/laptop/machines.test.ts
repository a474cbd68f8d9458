// The machines file: the columns, their defaults, and what is said of a row that Nix refuses.
import { describe, expect, it } from 'vitest'
import { type Grammar, maxEntries, splitEntries } from '../../../../src/core/laptop/machines.ts'
import { parseMachines } from './parse-machines.ts'

const hostKey =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINtEQXF8DS0bOQnnpcYm9pnYo/Tf0D9YDSeiC/Kv0qRd root@desktop'
const base64 = (text: string) => Buffer.from(text).toString('base64')
const parse = (text: string, grammar: Grammar = 'new') => parseMachines(text, '/m', 'x86_64-linux', grammar)
const uris = (text: string, grammar: Grammar = 'new') =>
  parse(text, grammar).builders.map((row) => row.store.uri)
const whats = (text: string, grammar: Grammar = 'new') =>
  parse(text, grammar).problems.map(({ cause, params }) => [cause, params?.['line'], params?.['what']])

describe('a row', () => {
  it('gives every column', () => {
    const row = `ssh-ng://b@desktop i686-linux,x86_64-linux /etc/nix/key 8 2 kvm,big-parallel nixos-test ${base64(`${hostKey}\n`)}`
    expect(parse(`\n# mine\n${row}`)).toEqual({
      builders: [
        {
          store: expect.objectContaining({ kind: 'ssh', host: 'desktop', user: 'b' }),
          systems: ['i686-linux', 'x86_64-linux'],
          keyPath: '/etc/nix/key',
          maxJobs: 8,
          speedFactor: 2,
          supportedFeatures: ['kvm', 'big-parallel'],
          mandatoryFeatures: ['nixos-test'],
          hostKeyLine: hostKey,
          source: { file: '/m', line: 3 },
        },
      ],
      problems: [],
      includes: [],
    })
  })

  it.each(['desktop', 'desktop - - - - - - -', '  desktop\t-  -'])(
    'has defaults where nothing stands: %j',
    (row) => {
      expect(parse(row).builders[0]).toMatchObject({
        systems: ['x86_64-linux'],
        keyPath: null,
        maxJobs: 1,
        speedFactor: 1,
        supportedFeatures: [],
        mandatoryFeatures: [],
        hostKeyLine: null,
      })
    },
  )

  it('takes key and host key from the URI where the columns are empty', () => {
    const uri = `ssh-ng://desktop?ssh-key=/k&base64-ssh-public-host-key=${encodeURIComponent(base64(hostKey))}`
    expect(parse(uri).builders[0]).toMatchObject({ keyPath: '/k', hostKeyLine: hostKey })
    expect(parse(`${uri} - /other`).builders[0]?.keyPath).toBe('/other')
  })

  it.each([
    ['0', 1],
    ['0.5', 0.5],
    ['3', 3],
    ['1e2', 100],
  ])('reads the speed factor %s', (text, speedFactor) => {
    expect(parse(`desktop - - 1 ${text}`).builders[0]?.speedFactor).toBe(speedFactor)
  })

  it.each([
    ['0', 0],
    ['4294967295', 4_294_967_295],
    ['4294967296', undefined],
    ['-1', undefined],
  ])('has %s job slots: %s', (text, maxJobs) => {
    expect(parse(`desktop - - ${text}`).builders[0]?.maxJobs).toBe(maxJobs)
  })

  it('takes base64 without its padding, as Nix does', () => {
    expect(parse(`desktop - - - - - - ${base64(hostKey).replace(/=+$/, '')}`).builders[0]?.hostKeyLine).toBe(
      hostKey,
    )
  })
})

describe('rows', () => {
  it('are separated by lines and semicolons, and end at a comment', () => {
    expect(uris('a # b\nc;d # e; f\n\n   \n # g\n;;h')).toEqual(['ssh://a', 'ssh://c', 'ssh://d', 'ssh://h'])
  })

  it('may name files to include', () => {
    expect(parse('a\n @/etc/more # here\nb;@ /x y')).toMatchObject({
      includes: [
        { path: '/etc/more', line: 2 },
        { path: '/x y', line: 3 },
      ],
    })
  })

  it('are no more than anybody has', () => {
    expect(splitEntries('a\n'.repeat(maxEntries + 5), 'new')).toHaveLength(maxEntries)
    expect(splitEntries('a;'.repeat(maxEntries + 5), 'new')).toHaveLength(maxEntries)
  })

  it('keep the good ones beside the bad', () => {
    const text = 'a\nb - - four\nc'
    expect(uris(text)).toEqual(['ssh://a', 'ssh://c'])
    expect(whats(text)).toEqual([['laptop.machines-invalid', 2, 'max-jobs = "four" (0, 1, 2 …)']])
  })
})

// Seen with Nix 2.8.0: both texts stop every build there.
describe('rows as Nix up to 2.28.0 reads them', () => {
  it.each(['a\n   \nb', 'a\n   # indented comment\nb'])('break at a line of blanks: %j', (text) => {
    expect(whats(text, 'old')).toEqual([['laptop.machines-invalid', 2, 'uri = "   " (ssh-ng://user@host)']])
    expect(whats(text, 'new')).toEqual([])
  })

  it('begin anew at a semicolon inside a comment', () => {
    expect(uris('# one ; two\nthree', 'old')).toEqual(['ssh://two', 'ssh://three'])
    expect(uris('# one ; two\nthree', 'new')).toEqual(['ssh://three'])
  })

  it('do not include a file behind a blank', () => {
    expect(parse(' @/etc/more', 'old').includes).toEqual([])
    expect(parse('@/etc/more', 'old').includes).toEqual([{ path: '/etc/more', line: 1 }])
  })
})

describe('a bad row names its line and what is wrong', () => {
  it.each([
    // As Nix reads them: a byte order mark before the first row, or before a comment, and a scheme that it does not know.
    ['\ufeffssh-ng://b@desktop', 'uri = "\ufffdssh-ng://b@desktop" (ssh-ng://user@host)'],
    ['\ufeff# comment', 'uri = "\ufffd" (ssh-ng://user@host)'],
    ['SSH-NG://b@desktop', 'uri = "SSH-NG://b@desktop" (ssh-ng://user@host)'],
    ['- x86_64-linux', 'uri = "-" (ssh-ng://user@host)'],
    ['ssh://desktop:99999', 'uri = "ssh://desktop:99999" (ssh-ng://user@host)'],
    ['desktop - - -1', 'max-jobs = "-1" (0, 1, 2 …)'],
    ['desktop - - 4294967296', 'max-jobs = "4294967296" (0, 1, 2 …)'],
    ['desktop - - 1 fast', 'speed-factor = "fast" (1, 2, 3 …)'],
    ['desktop - - 1 -2', 'speed-factor = "-2" (1, 2, 3 …)'],
    ['desktop - - - - - - a!b', 'host-key = "a!b" (base64 -w0 /etc/ssh/ssh_host_ed25519_key.pub)'],
  ])('%s', (row, what) => {
    expect(whats(`\n${row}`)).toEqual([['laptop.machines-invalid', 2, what]])
    expect(uris(row)).toEqual([])
  })

  it('keeps a row whose host key column is base64 of something else: Nix takes it too', () => {
    const blob = hostKey.split(' ')[1] ?? ''
    expect(uris(`desktop - - - - - - ${blob}`)).toEqual(['ssh://desktop'])
    expect(whats(`desktop - - - - - - ${blob}`)[0]?.[2]).toContain('host-key = "AAAAC3')
  })

  it('shows no control characters and not too much', () => {
    const what = whats(`desktop - - \u001b[2J${'9'.repeat(500)}`)[0]?.[2]
    expect(what).toMatch(/^max-jobs = "\ufffd\[2J9+…" /)
    expect(String(what).length).toBeLessThan(120)
  })
})
