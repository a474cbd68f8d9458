// The survey of the machine with partial rights, under hostile answers, and in other shells: what it says holds.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canRun } from '../../../needs.ts'
import { curl, nixStore, nixTool, secret, usrNix, withSystemd } from './survey-nix-tools.ts'
import { look, saying, systemctl, tcp } from './survey-rig.ts'

describe('the survey of the machine', () => {
  it('tells nothing that only root may know, and calls nothing absent for that', () => {
    const { facts, machine } = look({
      uid: 1000,
      files: { ...withSystemd, ...usrNix, '/etc/nix/nix.conf': 'trusted-users = root\n' },
      tools: {
        systemctl: systemctl({ 'ssh.service': {}, 'nix-serve.service': { User: 'nix-serve' } }),
        iptables: saying('-P INPUT ACCEPT'),
        nft: 'echo "Operation not permitted" >&2; exit 1',
        stat: `case "$*" in *priv-key*) echo "stat: cannot statx '/var/cache-priv-key.pem': Permission denied" >&2; exit 1 ;; esac; exec /usr/bin/stat "$@"`,
      },
    })
    expect(facts.rights.kind).toBe('none')
    expect(machine).toMatchObject({
      nix: { builderFinds: null, shellNoise: null, builderAllowed: null, builderTrusted: null },
      cache: { key: { kind: 'denied', readable: null, publicKey: null } },
      firewall: { by: 'unknown', open: [{ open: null }, { open: null }] },
    })
    expect(machine.nix.trustedUsers).toBe('root nix-builder')
  })

  it.each([
    ['refuses', 'cannot connect to socket: Connection refused', false, null],
    ['is kept from us', 'cannot connect to socket: Permission denied', null, null],
  ])('as a plain admin, whose daemon %s', (_, said, answers, allowed) => {
    const ping = `echo "error: ${said}" >&2; exit 1`
    const { machine } = look({
      uid: 1000,
      files: { '/usr/bin/nix': nixTool({ ping }), '/usr/bin/nix-store': nixStore },
    })
    expect(machine.nix).toMatchObject({ daemonAnswers: answers, builderAllowed: allowed })
  })

  it.each([124, 143])(
    'takes a daemon that is slow to answer the builder (%s) for none that turns it away',
    (code) => {
      const timeout = `shift; case $* in *--json*) exit ${code} ;; esac; exec "$@"`
      const { machine } = look({
        files: { '/usr/bin/nix': nixTool(), '/usr/bin/nix-store': nixStore },
        tools: { timeout },
      })
      expect(machine.nix).toMatchObject({ daemonAnswers: true, builderAllowed: null, builderTrusted: null })
    },
  )

  it('asks a daemon once more that hung up: its database may have been busy', () => {
    const ping = `[ -e @ROOT@/asked ] || { : >@ROOT@/asked; echo 'error: writing to file: Broken pipe' >&2; exit 1; }; echo '{"trusted":true}'`
    const { machine } = look({ files: { '/usr/bin/nix': nixTool({ ping }), '/usr/bin/nix-store': nixStore } })
    expect(machine.nix).toMatchObject({ daemonAnswers: true, builderAllowed: true, builderTrusted: true })
  })

  it('tells a daemon that turns the builder away from one that is down', () => {
    // Only the builder is asked with --json.
    const ping = `case $* in *--json*) echo 'error: Connection reset by peer' >&2; exit 1 ;; esac`
    const { machine } = look({ files: { '/usr/bin/nix': nixTool({ ping }), '/usr/bin/nix-store': nixStore } })
    expect(machine.nix).toMatchObject({
      daemonAnswers: true,
      builderAllowed: false,
      daemonSaid: 'error: Connection reset by peer',
    })
    const down = look({
      files: { '/usr/bin/nix': nixTool({ ping: 'exit 1' }), '/usr/bin/nix-store': nixStore },
    })
    expect(down.machine.nix).toMatchObject({ daemonAnswers: false, builderAllowed: null })
  })

  it('runs no Nix of the builder’s own home as root, wherever it is named', () => {
    const mark = '#!/bin/sh\necho "$0" >>@ROOT@/ran\n'
    const { root, machine } = look({
      files: {
        '/etc/environment': 'PATH="@ROOT@/home/bin:@ROOT@/usr/bin"\n',
        '/home/bin/nix-store': mark,
        '/home/bin/nix': mark,
        '/home/.nix-profile/bin/nix-store': mark,
        '/home/.nix-profile/bin/nix': mark,
      },
    })
    expect(machine.nix.bin).toBe('')
    expect(existsSync(join(root, 'ran'))).toBe(false)
  })

  it('never lets the secret key out, whatever Nix says of it, and whatever its name', () => {
    const key = `cat >&2; echo "error: '${secret}' is no key" >&2; exit 1`
    for (const file of ['/usr/bin/nix', '/elsewhere']) {
      const { stdout, machine } = look({
        files: {
          '/usr/bin/nix-store': nixStore,
          [file]: nixTool({ key }),
          '/var/cache-priv-key.pem': secret,
          '/var/cache-pub-key.pem': `${secret}\n`,
        },
      })
      expect(stdout).not.toContain('SSSS')
      expect(machine.cache.key).toMatchObject({
        kind: 'file',
        publicFile: '/var/cache-pub-key.pem',
        published: '',
      })
      expect(machine.cache.key.publicKey).toBe(file === '/usr/bin/nix' ? '' : null)
    }
  })

  it('sees a shell that greets, and one that leaves a program behind, and waits for neither', () => {
    const greeting = `#!/bin/sh\nsleep 30 &\nprintf 'Hi \\033[1m"there"\\n\\nYou have mail'\nexec /bin/sh "$@"\n`
    const since = Date.now()
    const { machine } = look({ files: { ...usrNix, '/usr/bin/nix-daemon': nixStore }, shell: '/bin/sh' })
    expect(machine.nix).toMatchObject({ shellNoise: '' })
    const { machine: loud } = look({
      files: { ...usrNix, '/greeter': greeting },
      // The user's shell stands below the pretended root.
      tools: {
        setpriv: `root=\${0%/.tools/*}; while [ "$1" != -- ]; do shift; done; shift
        case "$*" in *offload-begin*) n=$#; while [ $n -gt 0 ]; do a=$1; shift; [ "$a" != /bin/sh ] || a=$root/greeter; set -- "$@" "$a"; n=$((n - 1)); done ;; esac; exec "$@"`,
      },
    })
    expect(loud.nix.shellNoise).toBe('Hi \u001b[1m"there"\n\nYou have mail')
    expect(Date.now() - since).toBeLessThan(25_000)
  })

  const shells = [['dash'], ['bash'], ['busybox', 'sh']].filter(([name = '']) => canRun(name))
  it.each(shells)('is the same in %s', (...runner) => {
    const desktop = { files: { ...usrNix, '/var/cache-priv-key.pem': secret }, tools: { curl } }
    const plain = look(desktop).machine
    const other = look({ ...desktop, runner }).machine
    // Free space changes by itself.
    expect({ ...other, disk: null }).toEqual({ ...plain, disk: null })
  })

  it('is one valid object whatever the desktop’s tools and files say', () => {
    const wild = fc.string({
      unit: fc.constantFrom(...'ab"\\\n\r\t\'$`(){}[]|;&=:,%* /-\u001b\u0007é\u202e@!~<>#?0'),
      maxLength: 80,
    })
    fc.assert(
      fc.property(wild, wild, wild, (one, two, three) => {
        const { stdout, facts } = look({
          files: {
            ...withSystemd,
            '/etc/os-release': `ID=${one}\nVERSION_ID=${two}\n`,
            '/etc/nix/nix.conf': two,
            '/proc/net/tcp': `${three}\n${tcp(['00000000', 5000])}`,
            '/usr/bin/nix-store': `#!/bin/sh\n${saying(one)}\n`,
            '/usr/bin/nix': nixTool({
              config: saying(`trusted-users = ${two}`),
              ping: `${saying(three)}; exit 1`,
              key: saying(one),
            }),
            '/var/cache-priv-key.pem': three,
            '/var/cache-pub-key.pem': two,
            '/etc/NIXOS': one,
            '/etc/nixos/flake.nix': two,
            '/proc/sys/kernel/hostname': three,
          },
          tools: {
            systemctl: systemctl(
              {
                'ssh.service': { ActiveState: one, UnitFileState: two },
                'nix-serve.service': { Environment: `NIX_SECRET_KEY_FILE=${three}`, User: two },
              },
              one.replace(/['\n]/g, ''),
            ),
            journalctl: saying(two),
            curl: saying(`${three}\n@status ${one}`),
            iptables: saying(`-P INPUT DROP\n-A INPUT ${one}\n${two}`),
            nft: saying(
              `table inet filter {\n\tchain input {\n\t\ttype filter hook input priority 0; policy drop;\n\t\t${three}\n\t}\n}\n${one}`,
            ),
            ip: saying(`x dev ${two} src ${one}`),
            ss: saying(three),
          },
        })
        expect(facts.schema).toBe(1)
        expect(stdout.trimEnd().split('\n')).toHaveLength(1)
      }),
      { numRuns: Number(process.env['RUNS'] ?? 10) },
    )
  })
})
