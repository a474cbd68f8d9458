// What ssh-ng:// hides: by Nix's version, by scheme, and by what the user may do, the cause that offload-test-build ends in.
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, openLab } from '../lab/lab.ts'
import { testBuild } from './test-build-rig.ts'

/** Every one of these speaks only after the login; ssh:// gives the words of all, ssh-ng:// those of the first two. */
const afterLogin = [
  ['shell-noise', 'desktop.shell-noise', 'desktop.shell-noise'],
  ['nologin-shell', 'desktop.builder-shell', 'desktop.builder-shell'],
  ['nix-not-in-path', 'nix.not-found', 'nix.no-answer'],
  ['remote-daemon-stopped', 'nix.daemon-down', 'nix.no-answer'],
  ['not-allowed', 'nix.not-allowed', 'nix.no-answer'],
  ['not-in-nix-users', 'nix.not-allowed', 'nix.no-answer'],
] as const
const hidden = afterLogin.filter(([, , cause]) => cause === 'nix.no-answer')

/** The laptop's daemon trusts alice from now on, or no longer. */
async function trust(lab: Lab, does: boolean): Promise<void> {
  const line = does ? "echo 'trusted-users = root alice' >>/etc/nix/nix.conf" : 'true'
  const daemon = join(import.meta.dirname, '../lab/sh/laptop-daemon.sh')
  const script = `set -e; . ${daemon}; sed -i '/^trusted-users/d' /etc/nix/nix.conf; ${line}; stop_daemon; start_daemon`
  const ran = await lab.runAsRoot(['bash', '-c', script])
  expect(ran.stderr).toBe('')
}

async function expectCause(lab: Lab, fault: string, cause: string): Promise<void> {
  await lab.break(fault)
  const { result } = await testBuild(lab)
  expect(result).toMatchObject({ ok: false, cause })
  for (const value of Object.values(result.params ?? {})) expect(value).not.toBe('?')
}

/** Alice has the desktop's host key in her own known_hosts while `work` runs. */
async function withKnownHost(lab: Lab, work: () => Promise<void>): Promise<void> {
  const known = '/lab/home/.ssh/known_hosts'
  const scan = `mkdir -p -m 700 /lab/home/.ssh; ssh-keyscan desktop >${known} 2>/dev/null`
  await lab.runAsAlice(['sh', '-c', scan])
  try {
    await work()
  } finally {
    await lab.runAsAlice(['rm', '-f', known])
  }
}

describe.each([
  ['2.8', 'host', 'ssh-ng'],
  ['2.8', 'host', 'ssh'],
  ['2.26', 'trixie', 'ssh-ng'],
  ['2.26', 'trixie', 'ssh'],
] as const)('a laptop with Nix %s (%s) over %s', (nix, laptopRelease, scheme) => {
  let lab: Lab
  beforeAll(async () => {
    lab = await openLab({ laptopRelease, scheme })
  })
  afterAll(() => lab?.down())
  afterEach(() => lab.mend())

  it.each(afterLogin)('%s is %s over ssh, %s over ssh-ng', async (fault, plain, silent) => {
    await expectCause(lab, fault, scheme === 'ssh' ? plain : silent)
  })

  it('a host key that the person knows and root does not is named where Nix tells when ssh ended', async () => {
    const tells = scheme === 'ssh' || nix !== '2.8'
    await withKnownHost(lab, () =>
      expectCause(lab, 'host-key-unknown', tells ? 'ssh.host-key-unknown' : 'nix.no-answer'),
    )
  })

  if (scheme === 'ssh-ng') {
    describe('where the daemon trusts the user', () => {
      beforeAll(() => trust(lab, true))
      afterAll(() => trust(lab, false))

      it.each(hidden)('%s is %s: the same build is asked for over ssh', async (fault, cause) => {
        await expectCause(lab, fault, cause)
      })

      it('and so is a host key that only root does not know', async () => {
        await withKnownHost(lab, () => expectCause(lab, 'host-key-unknown', 'ssh.host-key-unknown'))
      })
    })
  }
})
