// The survey starts few programs, and loses nothing by that: each one costs a person milliseconds.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { canRun } from '../../../needs.ts'
import { curl, storePath, usrNix, withSystemd } from './survey-nix-tools.ts'
import { type Desktop, look, saying, systemctl, tcp } from './survey-rig.ts'

const well: Desktop = {
  files: {
    ...withSystemd,
    ...usrNix,
    [storePath]: null,
    '/proc/net/tcp': tcp(['00000000', 22], ['00000000', 5000]),
    '/etc/nix/nix.conf': 'trusted-users = root nix-builder\n',
    '/home/.ssh/authorized_keys': 'ssh-ed25519 AAAA one\n',
  },
  tools: {
    systemctl: systemctl({ 'ssh.service': {}, 'nix-serve.service': { User: 'nix-serve' } }),
    iptables: saying('-P INPUT ACCEPT'),
    ip: 'echo 10.0.0.9 dev eth0 src 10.0.0.2 uid 0',
    curl,
  },
}

/** The same desktop, whose tools each leave a note before they run. */
function counted(desktop: Desktop): Desktop {
  const names =
    'awk cat cut date df env find grep head od readlink sed sort stat tail test timeout tr true uname wc'
  const note = (name: string) => `echo ${name} >>@ROOT@/ran\n`
  const own = Object.entries(desktop.tools ?? {}).map(([name, body]) => [name, `${note(name)}${body}`])
  const usual = names.split(' ').map((name) => {
    const path = execFileSync('which', [name]).toString().trim()
    return [name, `${note(name)}exec ${path} "$@"`]
  })
  return { ...desktop, tools: Object.fromEntries([...usual, ...own]) }
}

describe('the survey', () => {
  it('of a desktop that is well starts some forty programs of the system, and follows no link that is none', () => {
    const { root, machine } = look(counted(well))
    expect(machine).toMatchObject({ cache: { info: 200, narinfo: 200 }, firewall: { by: 'none' } })
    const ran = readFileSync(join(root, 'ran'), 'utf8').trim().split('\n')
    expect(ran).not.toContain('readlink')
    expect(ran.length).toBeLessThanOrEqual(42)
  })

  /** The cache's program, started at 100 s of the system's time, begins to listen when somebody slept for the third time. */
  const starting = (uptime: string, sleep: string): Desktop => ({
    files: {
      ...well.files,
      '/proc/uptime': `${uptime} 1.00\n`,
      '/proc/net/tcp': tcp(['00000000', 22]),
      '/later': tcp(['00000000', 22], ['00000000', 5000]),
      '/slept': '',
    },
    tools: {
      ...well.tools,
      systemctl: systemctl({ 'nix-serve.service': { ActiveEnterTimestampMonotonic: '100000000' } }),
      sleep: `echo "$1" >>@ROOT@/slept; ${sleep}`,
    },
  })
  const listens = '[ "$(wc -l <@ROOT@/slept)" -lt 3 ] || cat @ROOT@/later >@ROOT@/proc/net/tcp'
  const slept = (root: string) => readFileSync(join(root, 'slept'), 'utf8').split('\n').length - 1

  it('gives a cache that systemd has just started the moment that it needs to listen', () => {
    const { root, machine } = look(starting('101.50', listens))
    expect(machine.cache).toMatchObject({ info: 200, narinfo: 200 })
    expect(slept(root)).toBe(3)
  })

  it.each([
    ['runs for long', '105.00', 'true', 0],
    ['never listens', '100.00', 'true', 25],
    ['was started later than now', '1.00', 'true', 25],
    ['started while sleep knows no fractions', '100.00', '[ "$1" != 0.2 ]', 10],
  ])('waits 5 s at most, and not for one that %s', (_, uptime, sleep, times) => {
    const { root, machine } = look(starting(uptime, sleep))
    expect(machine.cache).toMatchObject({ info: 0, narinfo: 0 })
    expect(slept(root)).toBe(times)
  })

  it('names every address of a port that listens, once and by number', () => {
    const listeners = tcp(['0100007F', 5000], ['00000000', 22], ['0200000A', 5000], ['00000000', 22])
    const six = tcp([`${'0'.repeat(32)}`, 22])
    const { machine } = look({ files: { '/proc/net/tcp': listeners, '/proc/net/tcp6': six } })
    expect(machine.listening?.map(({ port, address }) => `${port} ${address}`)).toEqual([
      '22 0.0.0.0',
      '22 ::',
      '5000 127.0.0.1',
      '5000 10.0.0.2',
    ])
  })

  it('takes no word of what answers for its status', () => {
    const answer = `printf 'StoreDir: /nix/store\\r\\n@status 5\\n@status nan\\n\\n@status 200\\n'`
    const { machine } = look({ ...well, tools: { ...well.tools, curl: answer } })
    expect(machine.cache).toMatchObject({ info: 200, storeDir: '/nix/store' })
    const silent = look({ ...well, tools: { ...well.tools, curl: `printf '\\n@status 000\\n'; exit 7` } })
    expect(silent.machine.cache).toMatchObject({ info: 0, narinfo: null })
  })

  it.each(['sh', 'bash', 'busybox sh'])(
    '%s: tells a place that is missing from one below it, and a link from what it leads to',
    (shell) => {
      const runner = shell.split(' ')
      if (!canRun(runner[0] ?? '')) return
      const { facts } = look({
        runner,
        files: {
          '/real/keys': 'ssh-ed25519 AAAA one\n',
          '/home/.ssh/authorized_keys': { link: '/real/keys' },
          '/home/.ssh/authorized_keys2': { link: '/nowhere/at/all' },
        },
      })
      const [keys, second] = facts.files
      expect(keys).toMatchObject({ kind: 'file', bytes: 21 })
      expect(keys?.real).toMatch(/\/real\/keys$/)
      expect(Buffer.from(keys?.hex ?? '', 'hex').toString()).toBe('ssh-ed25519 AAAA one\n')
      expect(keys?.trail.at(-1)).toMatchObject({ path: keys?.real, kind: 'file' })
      expect(second).toMatchObject({ kind: 'missing', hex: null, bytes: 0 })
      const missing = look({ runner, files: { '/home/x': 'y' } }).facts.files[0]
      expect(missing?.trail.slice(-3).map(({ kind }) => kind)).toEqual(['folder', 'missing', 'missing'])
    },
  )
})
