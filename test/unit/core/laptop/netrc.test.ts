// Logins of caches in Nix's netrc: which entry counts, and what is said of a file that cannot be read.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Cache } from '../../../../src/core/laptop/facts.ts'
import { loginIn, withNetrc } from '../../../../src/core/laptop/netrc.ts'
import { tree } from './tree.ts'

const cache = (url: string, more: Partial<Cache> = {}): Cache => ({
  url,
  isSubstituter: true,
  trusted: false,
  ...more,
})

describe('a login in a netrc', () => {
  it.each([
    ['machine desktop login me password secret', 'me:secret'],
    [
      'machine other login a password b\nmachine\n DESKTOP\n\tlogin me\n\tpassword s/e@c:r%et',
      'me:s%2Fe%40c%3Ar%25et',
    ],
    ['# machine desktop login no\nmachine desktop password p account x login me', 'me:p'],
    ['machine desktop login me\nmachine desktop login later password p', 'me:'],
    ['default login any password one', 'any:one'],
    ['machine desktop login me password "two \\"words\\""', 'me:two%20%22words%22'],
    ['machine desktop2 login me password p', null],
    ['machine desktop password p', null],
    ['machine', null],
    ['', null],
  ])('%j gives desktop %s', (text, login) => {
    expect(loginIn(text, 'desktop')).toBe(login)
  })

  it('is given to the cache of its machine, and not in place of the login in an address', async () => {
    const root = await tree({
      netrc: 'machine desktop login me password p\nmachine ::1 login six password p\n',
    })
    const caches = [
      cache('http://desktop:5000'),
      cache('http://desktop:5001', { login: 'own:login' }),
      cache('http://[::1]:5000'),
      cache('http://nas:5000'),
    ]
    const found = await withNetrc(caches, join(root, 'netrc'))
    expect(found.caches.map(({ login }) => login)).toEqual(['me:p', 'own:login', 'six:p', undefined])
    expect(found.problems).toEqual([])
  })

  it('changes nothing where there is none', async () => {
    const caches = [cache('http://desktop:5000')]
    expect(await withNetrc(caches, '/nowhere/netrc')).toEqual({ caches, problems: [] })
  })

  it('that cannot be read is remembered for caches without a login, and is no problem by itself', async () => {
    // A folder: root, as whom tests may run, may read every file.
    const file = await tree({})
    const found = await withNetrc([cache('http://desktop'), cache('http://b', { login: 'a:b' })], file)
    expect(found.caches.map(({ closedNetrc }) => closedNetrc)).toEqual([file, undefined])
    expect(found.problems).toEqual([])
  })

  it('in a FIFO is not waited for, and named: Nix would wait', async () => {
    const file = join(await tree({}), 'netrc')
    execFileSync('mkfifo', [file])
    const caches = [cache('http://desktop')]
    const problems = [{ cause: 'laptop.file-unfit', params: { file, what: 'fifo' } }]
    expect(await withNetrc(caches, file)).toMatchObject({ caches, problems })
  })
})
