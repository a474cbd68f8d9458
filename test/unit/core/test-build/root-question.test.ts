// What root would be asked about a machines row, word by word.
import { describe, expect, it } from 'vitest'
import { commandText, questionOf } from '../../../../src/core/test-build/root-question.ts'
import { builder } from '../monitor/fixtures.ts'

const file = '/run/user/1000/key'
const line = 'ssh-ed25519 AAAAC3 root@desktop'
const asked = (change: Parameters<typeof builder>[1] = {}) =>
  questionOf(builder('desktop', change), '/usr/bin/ssh', file)

describe('the question for root', () => {
  it('is one ssh as Nix runs it, by absolute path, which asks nobody and ends by itself', () => {
    const { argv, pinned } = asked() ?? { argv: [] }
    expect(argv[0]).toBe('/usr/bin/ssh')
    expect(argv).toEqual(expect.arrayContaining(['-v', '-x', '-oBatchMode=yes', '-oConnectTimeout=10']))
    expect(argv.slice(-5)).toEqual([
      '-i',
      '/etc/nix/builder_key',
      '--',
      'nix-builder@desktop',
      'nix-store --serve --write',
    ])
    expect(pinned).toBeNull()
  })

  it('pins the host key that the row pins, in a file that the command names', () => {
    const question = asked({ hostKeyLine: `${line}\nevil ssh-ed25519 BBBB` })
    expect(question?.pinned).toEqual({ file, text: `desktop ${line}\n` })
    expect(question?.argv).toContain(`-oUserKnownHostsFile=${file}`)
  })

  it('goes to the port of the URI, and only to one that is written there', () => {
    expect(asked({ uri: 'ssh-ng://nix-builder@desktop:2222' })?.argv).toEqual(
      expect.arrayContaining(['-p', '2222', 'nix-builder@desktop']),
    )
    // ssh_config's is root's own ssh to find.
    expect(asked({ address: { host: 'desktop', port: 2222, user: 'x' } })?.argv).not.toContain('-p')
  })

  it('names no key and no user where the row does not', () => {
    const { argv } = asked({ uri: 'ssh://desktop', keyPath: null }) ?? { argv: [] }
    expect(argv).not.toContain('-i')
    expect(argv.slice(-3)).toEqual(['--', 'desktop', 'nix-store --serve --write'])
  })

  it.each([
    'ssh-ng://desktop?remote-program=/opt/nix-daemon',
    'ssh-ng://desktop?remote-store=/mnt',
    'unix:///run/nix',
    'ssh-ng://-oProxyCommand=id',
    'ssh-ng://-oProxyCommand=id@desktop',
  ])('is none for %s', (uri) => {
    expect(asked({ uri })).toBeNull()
  })

  it('can be pasted into a shell', () => {
    const question = asked({ keyPath: '/etc/my keys/builder', hostKeyLine: line })
    expect(question && commandText(question)).toMatch(
      /^\/usr\/bin\/ssh -v .* -i '\/etc\/my keys\/builder' -oUserKnownHostsFile=\S+ -- nix-builder@desktop 'nix-store --serve --write'$/,
    )
  })
})
