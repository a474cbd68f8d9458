// What ssh-ng:// hides: by Nix's version, by scheme, and by what the user may do, the cause that offload-test-build ends in.
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Lab, openLab } from '../lab/lab.ts'
import { killGroup } from '../lab/run.ts'
import { answerPkexec, type PkexecAnswer, pkexecStandIn } from './pkexec.ts'
import { type ResultLine, type RunOptions, testBuild } from './test-build-rig.ts'

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

async function expectCause(
  lab: Lab,
  fault: string,
  cause: string,
  options: RunOptions = {},
): Promise<ResultLine> {
  await lab.break(fault)
  const { result } = await testBuild(lab, options)
  expect(result).toMatchObject({ ok: false, cause })
  for (const value of Object.values(result.params ?? {})) expect(value).not.toBe('?')
  return result
}

/** What `--ask-root` needs of the lab; alice answers the dialog. */
async function asking(lab: Lab, answer: PkexecAnswer): Promise<RunOptions> {
  await answerPkexec(lab, answer)
  return { args: ['--ask-root'], env: { PATH: await pkexecStandIn(lab) } }
}

/** Hidden from alice, and no longer once root is asked. Only a hidden reason is asked about: `told` says it was one. */
async function expectTold(lab: Lab, fault: string, cause: string): Promise<void> {
  const { asRoot, raw } = await expectCause(lab, fault, cause, await asking(lab, 'yes'))
  expect(asRoot).toEqual({ state: 'told' })
  // Root's words, then Nix's.
  expect(raw).toMatch(
    /^# \S+\/ssh -v .* nix-builder@desktop 'nix-store --serve --write'\n[\s\S]+\ncannot build on '/,
  )
}

/** Alice has the desktop's host key in her own known_hosts while `work` runs. */
async function withKnownHost(lab: Lab, work: () => Promise<unknown>): Promise<void> {
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

  const tells = scheme === 'ssh' || nix !== '2.8'
  const said = afterLogin.filter(([, , silent]) => scheme === 'ssh' || silent !== 'nix.no-answer')

  it.each(said)('%s is %s', async (fault, cause) => {
    await expectCause(lab, fault, cause)
  })

  it('a host key that the person knows and root does not is named where Nix tells when ssh ended, else by root', async () => {
    await withKnownHost(lab, async () => {
      if (tells) await expectCause(lab, 'host-key-unknown', 'ssh.host-key-unknown')
      else await expectTold(lab, 'host-key-unknown', 'ssh.host-key-unknown')
    })
  })

  if (scheme === 'ssh-ng') {
    it.each(hidden)('%s is %s once root is asked', async (fault, cause) => {
      await expectTold(lab, fault, cause)
    })

    // Of the person's answer nothing depends on Nix's version.
    if (nix === '2.8') {
      it('a hidden reason stays so where the password is not given, which is said', async () => {
        const { asRoot } = await expectCause(
          lab,
          'nix-not-in-path',
          'nix.no-answer',
          await asking(lab, 'refuse'),
        )
        expect(asRoot).toMatchObject({ state: 'refused', cause: 'laptop.pkexec-refused' })
      })

      it('a hidden reason is told to be over where it was mended before root was asked', async () => {
        await lab.break('nix-not-in-path')
        const options = await asking(lab, 'wait')
        let mended = Promise.resolve()
        const onEvent: RunOptions['onEvent'] = (event) => {
          if (event.type === 'stage' && event.state === 'failed')
            mended = lab.mend().then(() => answerPkexec(lab, 'yes'))
        }
        const { result } = await testBuild(lab, { ...options, onEvent })
        await mended
        expect(result).toMatchObject({ cause: 'nix.no-answer', asRoot: { state: 'answers' } })
      })

      it('a hidden reason is left open by Ctrl-C while the password is asked for, and nothing stays behind', async () => {
        await lab.break('nix-not-in-path')
        const options = await asking(lab, 'wait')
        let stopped = Number.NaN
        const isAsking = 'until pgrep -U alice -x pkexec; do sleep 0.1; done'
        const onEvent: RunOptions['onEvent'] = (event, child) => {
          if (event.type !== 'stage' || event.state !== 'failed') return
          void lab.runAsAlice(['sh', '-c', isAsking]).then(() => {
            stopped = performance.now()
            killGroup(child, 'SIGINT')
          })
        }
        const { result } = await testBuild(lab, { ...options, onEvent })
        // The dialog itself stays open for a minute.
        expect(performance.now() - stopped).toBeLessThan(20_000)
        expect(result).toMatchObject({ cause: 'nix.no-answer' })
        expect(result.asRoot).toBeUndefined()
        await answerPkexec(lab, 'yes')
        const look = 'pgrep -U alice -x pkexec; ls "$XDG_RUNTIME_DIR" | grep offload'
        const left = async () => (await lab.runAsAlice(['sh', '-c', look])).stdout
        await expect.poll(left).toBe('')
      })
    }

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
