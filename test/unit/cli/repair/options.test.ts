// What offload-repair's command line takes, what it refuses as wrong usage, and how secrets come on stdin.
import { describe, expect, it } from 'vitest'
import { parseOptions } from '../../../../src/cli/repair/options.ts'
import { readSecrets } from '../../../../src/cli/repair/secrets.ts'

const parse = (line: string, locale: 'en' | 'pt-BR' = 'en') =>
  parseOptions(
    line.split(' ').filter((one) => one !== ''),
    locale,
    '1.2.3',
  )

describe('the command line of offload-repair', () => {
  it('reads every flag', () => {
    const print = `SHA256:${'a'.repeat(43)}`
    const line = `apply --admin ann@[::1] --identity /k --passphrase-stdin --sudo-password-stdin --accept-host-key ${print} --only push-key,mend-home --skip free-disk --choose push-key=leave --yes --no-test-build --json --locale pt-BR`
    expect(parse(line)).toMatchObject({
      kind: 'run',
      options: {
        verb: 'apply',
        user: 'ann',
        builder: '::1',
        identity: '/k',
        stdin: { passphrase: true, password: false, sudo: true },
        acceptHostKey: print,
        only: ['push-key', 'mend-home'],
        skip: ['free-disk'],
        choices: [['push-key', 'leave']],
        yes: true,
        testBuild: false,
        json: true,
        locale: 'pt-BR',
      },
    })
    expect(parse('plan --admin ann --builder desktop')).toMatchObject({
      options: { user: 'ann', builder: 'desktop' },
    })
  })

  it.each([
    ['', /survey, plan, apply,.* remove/],
    ['mend', /plan, apply,.* remove/],
    ['plan --nope', /--nope/],
    ['plan --only all', /push-key/],
    ['plan --skip push-key,nothing', /nothing/],
    ['plan --choose push-key', /push-key=leave/],
    ['plan --accept-host-key MD5:aa', /SHA256/],
    ['plan --password-stdin --identity /k', /--identity/],
    ['plan --admin', /--admin/],
    ['plan --show-program all', /push-key/],
    ['apply --show-program push-key', /--show-program .* apply/],
    ['plan apply', /Unknown argument: apply\n/],
    ['apply --new-address 10.0.0.7', /offload-repair laptop/],
    ['laptop --new-address 10.0.0.7:22/x', /10\.0\.0\.7:22/],
    ['laptop --first desktop', /@/],
    ['laptop --first a@b;c', /b;c/],
    ['laptop --cache-key short', /short/],
  ])('refuses "%s" with a reason and code 2', (line, reason) => {
    expect(parse(line)).toMatchObject({ kind: 'say', code: 2, text: expect.stringMatching(reason) })
  })

  it('has no flag that takes a secret', () => {
    const help = parse('--help')
    expect(help).toMatchObject({ kind: 'say', code: 0 })
    const text = help.kind === 'say' ? help.text : ''
    expect(text.match(/--\S*(password|passphrase)\S*( <[^>]+>)?/g)).toEqual([
      '--passphrase-stdin',
      '--password-stdin',
      '--sudo-password-stdin',
    ])
    for (const word of ['survey', 'plan', 'apply', 'remove', '  3  ']) expect(text).toContain(word)
  })

  it('helps in Portuguese', () => {
    expect(parse('--help', 'pt-BR')).toMatchObject({ text: expect.stringContaining('Repara o caminho') })
  })
})

describe('secrets on stdin', () => {
  const all = { passphrase: true, password: false, sudo: true }
  async function* pieces(...some: string[]) {
    for (const one of some) yield one
  }
  it('come a line each, however they arrive, with or without a last newline', async () => {
    const seen = { passphrase: 'one two', password: null, sudo: '$(x)' }
    expect(await readSecrets(all, pieces('one t', 'wo\n$(', 'x)\n'))).toEqual(seen)
    expect(await readSecrets(all, pieces('one two\r\n$(x)'))).toEqual(seen)
  })
  it('that are too few are told', async () => {
    expect(await readSecrets(all, pieces('one\n'))).toBeNull()
  })
  it('that nobody asked for are not read', async () => {
    let read = false
    async function* touched() {
      read = true
      yield 'x\n'
    }
    await readSecrets({ passphrase: false, password: false, sudo: false }, touched())
    expect(read).toBe(false)
  })
})
