// Ways to sign in as an admin and to come to root's rights, against OpenSSH 10.0 and 9.2; and where secrets end up.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, openLab } from '../lab/lab.ts'
import { killGroup } from '../lab/run.ts'
import { type Repaired, repair, withPassword } from './repair-cli.ts'

const passphrase = 'Passphrase-of-the-test-7c1'
const key = '/lab/home/.ssh/id_admin'
/** The key's passphrase and the password for sudo come on stdin. */
const byKey = [
  '--admin',
  'kernelcore@desktop',
  '--identity',
  key,
  '--passphrase-stdin',
  '--sudo-password-stdin',
]

describe.each(['trixie', 'bookworm'] as const)('signing in to %s', (release) => {
  let lab: Lab
  beforeAll(async () => {
    lab = await openLab({ id: `sign-in-${release}-${process.pid}`, release })
    const made = await lab.runAsAlice([
      'sh',
      '-c',
      `mkdir -m 700 .ssh && ssh-keygen -q -t ed25519 -N '' -f .ssh/id_plain && ssh-keygen -q -t ed25519 -N ${passphrase} -f ${key} && cat .ssh/id_plain.pub .ssh/id_admin.pub`,
    ])
    for (const home of ['/home/kernelcore', '/root']) {
      const put = `mkdir -p -m 700 ${home}/.ssh && cat >${home}/.ssh/authorized_keys && chown -R $(stat -c %u:%g ${home}) ${home}/.ssh`
      await lab.onDesktop(['sh', '-c', put], { input: made.stdout })
    }
  })
  afterAll(() => lab?.down())
  afterEach(async () => {
    await lab.onDesktop(['sh', '-c', 'rm -f /etc/sudoers.d/lab'])
    await lab.mend()
  })
  const apply = async (more: {
    args: readonly string[]
    secrets?: readonly string[]
    env?: Record<string, string>
  }) => {
    await lab.break('no-authorized-keys')
    return repair(lab, 'apply', { ...more, args: [...more.args, '--yes', '--no-test-build'] })
  }
  const isMended = (ran: Repaired) => {
    expect(ran, ran.said).toMatchObject({ code: 0, ok: true })
    expect(ran.steps).toEqual(['create-ssh-folder done', 'push-key done'])
  }
  const password = () => lab.state.admin.password
  const sudoers = (line: string) =>
    lab.onDesktop(['sh', '-c', 'umask 077; printf "%s\\n" "$1" >/etc/sudoers.d/lab', 'sh', line])
  const sshd = (line: string) =>
    lab.onDesktop([
      'sh',
      '-c',
      'printf "%s\\n" "$1" >/etc/ssh/sshd_config.d/lab.conf; systemctl restart ssh',
      'sh',
      line,
    ])

  it('works with a password, which sudo takes as well', async () => {
    isMended(
      await apply({ args: ['--admin', 'kernelcore@desktop', '--password-stdin'], secrets: [password()] }),
    )
  })

  it('works with a key file with a passphrase, and sudo with a password', async () => {
    isMended(await apply({ args: byKey, secrets: [passphrase, password()] }))
  })

  it('works with an agent and sudo without a password', async () => {
    await sudoers('kernelcore ALL=(ALL) NOPASSWD: ALL')
    const agent = lab.spawnAsAlice(['ssh-agent', '-D', '-a', '/lab/home/agent'])
    try {
      const env = { SSH_AUTH_SOCK: '/lab/home/agent' }
      await lab.runAsAlice(
        ['sh', '-c', 'until [ -S agent ]; do sleep 0.05; done; ssh-add -q .ssh/id_plain'],
        { env },
      )
      isMended(await apply({ args: ['--admin', 'kernelcore@desktop'], env }))
    } finally {
      killGroup(agent)
      await lab.runAsAlice(['rm', '-f', 'agent'])
    }
  })

  it('works as root', async () => {
    isMended(await apply({ args: ['--admin', 'root@desktop', '--identity', '/lab/home/.ssh/id_plain'] }))
  })

  it('works where sshd asks by keyboard-interactive alone', async () => {
    await lab.break('no-authorized-keys')
    await sshd('PasswordAuthentication no\nKbdInteractiveAuthentication yes')
    isMended(await apply(withPassword(lab) as { args: readonly string[]; secrets: readonly string[] }))
    await lab.onDesktop(['sh', '-c', 'rm /etc/ssh/sshd_config.d/lab.conf; systemctl restart ssh'])
  })

  it.each([
    [
      'a wrong password',
      'ssh.sign-in-refused',
      ['--admin', 'kernelcore@desktop', '--password-stdin'],
      ['wrong-one-1'],
    ],
    [
      'nobody of that name',
      'ssh.sign-in-refused',
      ['--admin', 'nobody-here@desktop', '--password-stdin'],
      ['wrong-one-1'],
    ],
    [
      'a wrong passphrase',
      'laptop.passphrase-wrong',
      ['--admin', 'kernelcore@desktop', '--identity', key, '--passphrase-stdin'],
      ['wrong-one-1'],
    ],
    [
      'a file that is no key',
      'laptop.key-invalid',
      ['--admin', 'kernelcore@desktop', '--identity', '/etc/passwd'],
      [],
    ],
    [
      'no such file',
      'laptop.file-unreadable',
      ['--admin', 'kernelcore@desktop', '--identity', '/lab/home/none'],
      [],
    ],
  ] as const)('names %s', async (_, cause, args, secrets) => {
    const ran = await apply({ args, secrets })
    expect(ran, ran.said).toMatchObject({ code: 1, ok: false, cause, steps: [] })
  })

  it('names a wrong sudo password, and guesses no further', async () => {
    const args = [
      '--admin',
      'kernelcore@desktop',
      '--identity',
      '/lab/home/.ssh/id_plain',
      '--sudo-password-stdin',
    ]
    expect(await apply({ args, secrets: ['wrong-one-1'] })).toMatchObject({
      code: 1,
      cause: 'desktop.sudo-password-wrong',
    })
  })

  it('asks for the sudo password where none was given, and shows a plan without it', async () => {
    const args = ['--admin', 'kernelcore@desktop', '--identity', '/lab/home/.ssh/id_plain']
    expect(await apply({ args })).toMatchObject({ code: 3, ok: false, steps: [] })
    const plan = await repair(lab, 'plan', { args })
    expect(plan, plan.said).toMatchObject({ code: 0 })
    expect(JSON.parse(plan.said.split('\n')[0] ?? '')).toMatchObject({ schema: 1, partial: true })
  })

  it('names a user whom sudo knows not, and one whom sudo wants at a terminal', async () => {
    await lab.onDesktop([
      'sh',
      '-c',
      'id plain >/dev/null 2>&1 || useradd -m plain; printf "plain:%s" "$1" | chpasswd',
      'sh',
      password(),
    ])
    const args = ['--admin', 'plain@desktop', '--password-stdin', '--sudo-password-stdin']
    const denied = await apply({ args, secrets: [password(), password()] })
    expect(denied, denied.said).toMatchObject({ code: 1, ok: false, cause: 'desktop.sudo-denied' })
    await sudoers('Defaults:kernelcore requiretty')
    const tty = await apply(withPassword(lab) as { args: readonly string[]; secrets: readonly string[] })
    expect(tty, tty.said).toMatchObject({ code: 1, ok: false, cause: 'desktop.sudo-needs-terminal' })
  })

  it('trusts an unknown host key only by its fingerprint, and sends nothing before', async () => {
    await lab.break('host-key-unknown')
    const logins = async () =>
      (
        await lab.onDesktop([
          'sh',
          '-c',
          'journalctl --sync; journalctl -u ssh | grep -c "for kernelcore" || :',
        ])
      ).stdout
    const before = await logins()
    const wrong = await repair(
      lab,
      'plan',
      withPassword(lab, ['--accept-host-key', `SHA256:${'A'.repeat(43)}`]),
    )
    expect(wrong, wrong.said).toMatchObject({ code: 3, ok: false })
    expect(await logins()).toBe(before)
    const offered = /SHA256:[A-Za-z0-9+/]{43}/.exec(wrong.said.replaceAll('A'.repeat(43), ''))?.[0] ?? ''
    const right = await repair(lab, 'plan', withPassword(lab, ['--accept-host-key', offered]))
    expect(right, right.said).toMatchObject({ code: 0 })
    // Remembered: no flag is needed any more.
    expect(await repair(lab, 'plan', withPassword(lab))).toMatchObject({ code: 0 })
  })

  it('stops at a changed host key, before any credential', async () => {
    await lab.break('host-key-changed')
    const ran = await repair(lab, 'apply', withPassword(lab, ['--yes']))
    expect(ran, ran.said).toMatchObject({ code: 3, ok: false, steps: [] })
    expect(ran.said).toContain('ssh.host-key-changed')
  })

  it('writes no secret into any output, file, process list or journal', async () => {
    const words = [passphrase, password(), 'wrong-one-1']
    // A process that does hold a word in its arguments shows that such a one is found.
    const decoy = 'decoy-of-the-test'
    const input = [...words, decoy].map((word) => `${word}\n`).join('')
    const holder = lab.spawnAsAlice(['sh', '-c', 'sleep 100; :', decoy])
    // The words come on stdin: whoever looks for them must not be found with them. It looks until the words are gone.
    const watch = [
      'sh',
      '-c',
      'cat >/run/words.new; mv /run/words.new /run/words; while cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n" | grep -aFf /run/words; [ -e /run/words ]; do sleep 0.05; done 2>/dev/null',
    ]
    const watching = [lab.runAsRoot(watch, { input }), lab.onDesktop(watch, { input })]
    const ended = ['sh', '-c', 'until [ -e /run/words ]; do sleep 0.05; done; "$@"', 'sh']
    await Promise.all([lab.runAsRoot([...ended, 'true']), lab.onDesktop([...ended, 'true'])])
    const ran = await apply({ args: byKey, secrets: [passphrase, password()] })
    const wrong = await apply({ args: byKey, secrets: [passphrase, 'wrong-one-1'] })
    const end = [...ended, 'rm', '/run/words']
    await Promise.all([lab.runAsRoot(end), lab.onDesktop(end)])
    killGroup(holder)
    const seen = await Promise.all(watching)
    expect(new Set(seen[0]?.stdout.trim().split('\n'))).toEqual(new Set([decoy]))
    expect(seen[1]?.stdout).toBe('')
    for (const said of [ran.said, wrong.said]) for (const word of words) expect(said).not.toContain(word)
    const look = (where: string) => ['sh', '-c', `cat >/run/words; { ${where}; } 2>/dev/null; rm /run/words`]
    const files = 'grep -rlFf /run/words /lab/home /root/.ssh --exclude=id_admin'
    const there =
      'journalctl --sync; journalctl | grep -aFf /run/words; grep -rlFf /run/words /home /root /var/log /var/lib/nix-builder --exclude-dir=journal'
    expect((await lab.runAsRoot(look(files), { input })).stdout).toBe('')
    expect((await lab.onDesktop(look(there), { input })).stdout).toBe('')
  })
})
