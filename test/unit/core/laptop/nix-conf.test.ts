// nix.conf: values with their places, and the lines at which Nix stops.
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readNixConf } from '../../../../src/core/laptop/nix-conf.ts'
import { tree } from './tree.ts'

async function problemsOf(text: string, more: Record<string, string> = {}) {
  const root = await tree({ 'nix.conf': text, ...more })
  const { problems } = await readNixConf(root)
  return problems.map(({ cause, params }) => [
    cause,
    String(params?.['file']).replace(root, ''),
    params?.['line'],
    String(params?.['what']).replace(root, ''),
  ])
}

describe('nix.conf', () => {
  it('gives each setting with its place, the last one counting', async () => {
    const root = await tree({
      'nix.conf': '# mine\nmax-jobs = 2\nsubstituters = a  b # c\ninclude extra.conf\nempty =\n',
      'extra.conf': '\nmax-jobs = 4\n!include nowhere.conf\n',
    })
    const { settings, problems, files } = await readNixConf(root)
    expect(problems).toEqual([])
    expect(settings.get('max-jobs')).toEqual({ value: '4', file: `${root}/extra.conf`, line: 2 })
    expect(settings.get('substituters')).toMatchObject({ value: 'a b', line: 3 })
    expect(settings.get('empty')).toMatchObject({ value: '', line: 5 })
    expect(files).toEqual([`${root}/nix.conf`, `${root}/extra.conf`, `${root}/nowhere.conf`])
  })

  it('may be missing', async () => {
    expect(await readNixConf(await tree())).toMatchObject({ problems: [], settings: new Map() })
  })

  it.each([
    ['\nfoo', 2, '"foo" (name = value)'],
    ['max-jobs: 4', 1, '"max-jobs: 4" (name = value)'],
    ['access-tokens github.com=ghp_secret', 1, '"access-tokens …" (name = value)'],
    ['include a b', 1, '"include a b" (name = value)'],
    ['include nowhere.conf', 1, 'include /nowhere.conf (ENOENT)'],
  ])('%j stops Nix, and the line is named', async (text, line, what) => {
    expect(await problemsOf(text)).toEqual([['laptop.nix-conf-invalid', '/nix.conf', line, what]])
  })

  it.runIf(process.getuid?.() !== 0)('does without an optional file of root’s, as Nix does', async () => {
    const root = await tree({ 'nix.conf': '!include secret.conf\n', 'secret.conf': 'access-tokens = x\n' })
    await chmod(join(root, 'secret.conf'), 0)
    expect((await readNixConf(root)).problems).toEqual([])
    await writeFile(join(root, 'nix.conf'), 'include secret.conf\n')
    expect((await readNixConf(root)).problems).toMatchObject([{ cause: 'laptop.file-unreadable' }])
  })

  it('names the line of an included file', async () => {
    expect(await problemsOf('include more.conf', { 'more.conf': '\n\nfoo' })).toEqual([
      ['laptop.nix-conf-invalid', '/more.conf', 3, '"foo" (name = value)'],
    ])
  })

  it('ends where files include each other', async () => {
    expect(await problemsOf('include nix.conf')).toEqual([
      ['laptop.nix-conf-invalid', '/nix.conf', 1, 'include nix.conf (> 100)'],
    ])
  })
})
