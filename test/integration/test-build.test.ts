// offload-test-build against real desktops: built there with proof, or the cause in seconds; and nothing is left behind.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { stageIds } from '../../src/shared/test-build.ts'
import { ensureBase } from '../lab/base.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { killGroup } from '../lab/run.ts'
import {
  armed,
  holdBuild,
  leftBehind,
  leftovers,
  program,
  type RunOptions,
  type Seen,
  sentSlowly,
  testBuild,
  when,
} from './test-build-rig.ts'

/** No verdict takes longer, however the desktop fails: less than any patience of Nix, ssh or TCP, more than a busy machine's. */
const patienceMs = 60_000
/** The same of what ends at once. */
const atOnceMs = 10_000

const bootIdOf = (lab: Lab) => lab.state.desktops[0]?.bootId

function expectBuiltThere(seen: Seen, lab: Lab, scheme: string): void {
  expect(seen.result).toMatchObject({ ok: true, uri: `${scheme}://nix-builder@desktop` })
  expect(seen.code).toBe(0)
  // One kernel serves both sides of the lab: each has a boot id of its own bound over /proc.
  expect(seen.result.remote?.bootId).toBe(bootIdOf(lab))
  expect(seen.result.remote?.bootId).not.toBe(lab.state.laptop.bootId)
  expect(seen.result.stages.map((stage) => stage.id)).toEqual(stageIds)
  const log = seen.events.flatMap((event) => (event.type === 'log' ? [event.line] : []))
  expect(
    log.some((line) => line.startsWith('offload-test-build: done') && line.includes(bootIdOf(lab) ?? '?')),
  ).toBe(true)
}

// Where they are not kept yet they take minutes, which no test has.
beforeAll(async () => {
  for (const release of ['trixie', 'bookworm', 'sid'] as const) await ensureBase(release, console.log)
})

describe.each([
  ['trixie', 'ssh-ng'],
  ['trixie', 'ssh'],
  ['bookworm', 'ssh-ng'],
  ['bookworm', 'ssh'],
] as const)('a desktop on %s over %s', (release, scheme) => {
  it('builds there, as the unprivileged user, with proof', async () => {
    const lab = await openLab({ release, scheme })
    try {
      expectBuiltThere(await testBuild(lab), lab, scheme)
    } finally {
      await lab.down()
    }
  })
})

describe.each([
  ['trixie', 'ssh-ng'],
  ['trixie', 'ssh'],
  ['sid', 'ssh-ng'],
  ['sid', 'ssh'],
] as const)('a laptop with the Nix of %s over %s', (laptopRelease, scheme) => {
  it('has it built on the desktop, with proof', async () => {
    const lab = await openLab({ laptopRelease, scheme })
    try {
      expectBuiltThere(await testBuild(lab), lab, scheme)
    } finally {
      await lab.down()
    }
  })
})

/** What the desktop's kernel gives for its boot id from now on. */
async function showBootId(lab: Lab, id: string | undefined): Promise<void> {
  const shown = '/proc/sys/kernel/random/boot_id'
  const own = '/root/boot_id'
  // The lab has bound one over the kernel's own.
  const bind = `[ -e ${own} ] || { umount -l ${shown}; touch ${own}; mount --bind ${own} ${shown}; }; echo ${id} >${own}`
  expect((await lab.onDesktop(['sh', '-c', bind])).stderr).toBe('')
}

/**
 * nix#16437: `nix-daemon --stdio` of Nix 2.26 whose input ends in the middle of a path waits for its daemon for ever, and
 * the daemon for it, holding the lock of that path. The laptop sees the desktop's processes: the lab nests their name
 * spaces. Nothing that an unprivileged user does on the laptop ends them.
 */
const isStuck = (line: string) =>
  /: process nix-daemon --stdio $/.test(line) ||
  /^desktop: held \/nix\/store\/\w+-offload-payload-/.test(line)

type Case = readonly [fault: string, cause: string]

/** What ends a build on both schemes in the same cause. What differs is in test-build-hidden.test.ts. */
const cases: readonly Case[] = [
  ['key-refused', 'ssh.key-refused'],
  ['host-key-unknown', 'ssh.host-key-unknown'],
  ['host-key-changed', 'ssh.host-key-changed'],
  ['not-trusted', 'nix.not-trusted'],
  ['wrong-system', 'nix.system-mismatch'],
  ['mandatory-feature', 'nix.feature-missing'],
  ['disk-full', 'nix.disk-full'],
  ['maxjobs-0-row', 'laptop.builder-no-slots'],
  ['sshd-stopped', 'ssh.port-closed'],
  ['name-unresolvable', 'net.name-not-found'],
  ['not-ssh', 'ssh.not-ssh'],
  ['builder-key-exposed', 'laptop.builder-key-exposed'],
  ['builder-key-missing', 'laptop.builder-key-missing'],
  ['laptop-daemon-stopped', 'laptop.daemon-down'],
  ['machines-missing', 'laptop.no-builder'],
  ['distributed-builds-off', 'laptop.distributed-builds-off'],
]

describe.each([['ssh-ng'], ['ssh']] as const)('over %s', (scheme) => {
  let lab: Lab
  beforeAll(async () => {
    lab = await openLab({ scheme })
  })
  afterAll(() => lab?.down())
  afterEach(() => lab.mend())

  /** One that takes long enough to act in its middle. */
  const big = (onEvent: RunOptions['onEvent']) =>
    sentSlowly(lab, () => testBuild(lab, { args: ['--payload', '128M'], ...(onEvent && { onEvent }) }))

  it.each(cases)('%s ends in %s, in seconds, and is kept', async (fault, cause) => {
    await lab.break(fault)
    const seen = await testBuild(lab)
    expect(seen.result).toMatchObject({ ok: false, cause })
    expect(seen.code).toBe(1)
    expect(seen.ms).toBeLessThan(patienceMs)
    const kept = await lab.runAsAlice([
      'tail',
      '-n1',
      '/lab/home/.local/state/offload-tray/test-builds.jsonl',
    ])
    expect(JSON.parse(kept.stdout)).toMatchObject({ result: { ok: false, problem: { cause } } })
    for (const value of Object.values(seen.result.params ?? {})) expect(value).not.toBe('?')
  })

  it.each(['cache-stopped', 'cache-narinfo-500', 'max-jobs-0'])('%s does not disturb it', async (fault) => {
    await lab.break(fault)
    expectBuiltThere(await testBuild(lab), lab, scheme)
  })

  it.each([
    ['nix-not-in-path', 'nix.not-found'],
    ['not-in-nix-users', 'nix.not-allowed'],
  ] as const)('%s is %s on either scheme where the journal may be read', async (fault, cause) => {
    const folder = mkdtempSync('/tmp/offload-test-journal-')
    try {
      // The lab's laptop has no journald: this stand-in shows the very lines its nix-daemon wrote.
      writeFileSync(join(folder, 'journalctl'), '#!/bin/sh\ntail -n +"$((SKIP + 1))" /lab/nix-daemon.log\n', {
        mode: 0o755,
      })
      await lab.runAsRoot(['chmod', '755', folder])
      await lab.break(fault)
      const lines = (await lab.runAsAlice(['wc', '-l', '/lab/nix-daemon.log'])).stdout.split(' ')[0] ?? '0'
      const env = { PATH: `${folder}:/usr/local/bin:/usr/bin:/bin`, SKIP: lines }
      const seen = await testBuild(lab, { env })
      expect(seen.result).toMatchObject({ ok: false, cause })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('a desktop with the boot id of this laptop has proven nothing, and what Nix said is shown', async () => {
    await showBootId(lab, lab.state.laptop.bootId)
    try {
      const { result } = await testBuild(lab)
      expect(result).toMatchObject({ ok: false, cause: 'nix.built-locally', stage: 'verify' })
      expect(result.raw).toMatch(
        new RegExp(
          `^building '\\S+' on '${scheme}://.*\noffload-test-build: done \\S+ ${lab.state.laptop.bootId} `,
          's',
        ),
      )
    } finally {
      await showBootId(lab, bootIdOf(lab))
    }
    expectBuiltThere(await testBuild(lab), lab, scheme)
  })

  it('20 runs in a row leave nothing, and no two share a path', async () => {
    const before = await leftovers(lab)
    const paths = new Set<string | undefined>()
    for (let round = 0; round < (scheme === 'ssh' ? 5 : 20); round += 1) {
      const { result } = await testBuild(lab)
      expect(result.ok).toBe(true)
      paths.add(result.outPath)
    }
    expect(paths.size).toBe(scheme === 'ssh' ? 5 : 20)
    expect(await leftBehind(lab, before)).toEqual([])
  })

  it.each(['evaluate', 'connect', 'upload', 'build', 'download'] as const)(
    'Ctrl-C during %s ends it at once and leaves nothing',
    async (stage) => {
      const before = await leftovers(lab)
      let cancelledAt = Number.NaN
      const onEvent = when(stage, (child) => {
        cancelledAt = performance.now()
        killGroup(child, 'SIGINT')
      })
      const seen = await big(onEvent)
      expect(performance.now() - cancelledAt).toBeLessThan(atOnceMs)
      expect(seen.result).toMatchObject({ ok: false, cancelled: true, cause: 'nix.cancelled' })
      // It may come when the upload has begun.
      const early = ['evaluate', 'connect', 'upload'].includes(stage)
      const mayStay = scheme === 'ssh-ng' && early ? isStuck : undefined
      expect(await leftBehind(lab, before, mayStay)).toEqual([])
    },
  )

  it('Ctrl-C while this laptop is still being looked at ends it at once and leaves nothing', async () => {
    const folder = mkdtempSync('/tmp/offload-test-slow-nix-')
    const conf = (how: string) => lab.runAsRoot(['sh', '-c', `${how} /etc/nix/nix.conf`])
    try {
      // With a system of its own the files alone do not tell; and this nix never answers.
      await conf("sed -i '$asystem = x86_64-linux'")
      writeFileSync(join(folder, 'nix'), `#!/bin/sh\necho $$ >${folder}/pid\nexec sleep 600\n`, {
        mode: 0o755,
      })
      chmodSync(folder, 0o777)
      const script = `
        PATH=${folder}:$PATH "$@" & tool=$!
        until [ -s ${folder}/pid ]; do sleep 0.02; done
        before=$(date +%s%N); kill -INT $tool; wait $tool
        ended="$? $((($(date +%s%N) - before) / 1000000))"
        for try in $(seq 100); do pgrep -U alice -x sleep >/dev/null || break; sleep 0.1; done
        echo "$ended $(pgrep -U alice -x sleep)"`
      const ran = await lab.runAsAlice(['bash', '-c', script, 'bash', process.execPath, program, '--json'])
      const [result = '', ended = ''] = ran.stdout.trim().split('\n')
      expect(JSON.parse(result)).toMatchObject({ ok: false, cancelled: true, cause: 'nix.cancelled' })
      const [code, ms, left] = ended.split(' ')
      expect([code, left ?? '']).toEqual(['1', ''])
      expect(Number(ms)).toBeLessThan(atOnceMs)
    } finally {
      await conf("sed -i '/^system = /d'")
      rmSync(folder, { recursive: true })
    }
  })

  it('a daemon of the desktop that ends during the build is named, and not the network', async () => {
    const death = await armed(
      lab,
      'systemctl kill -s KILL nix-daemon; systemctl reset-failed nix-daemon; systemctl start nix-daemon',
      holdBuild,
    )
    const onEvent = when('build', () => death.pull())
    const seen = await big(onEvent)
    await death.done
    expect(seen.result).toMatchObject({ ok: false, cause: 'nix.hung-up' })
    expect(seen.ms).toBeLessThan(patienceMs)
  })

  it('a daemon of this laptop that ends during the build is none of the desktop', async () => {
    let ended = Promise.resolve<unknown>(null)
    // The one that serves this connection, as a crash would: the next one finds the daemon where it was.
    const onEvent = when('build', () => {
      ended = lab.runAsRoot(['bash', '-c', 'pkill -KILL -P "$(cat /run/nix-daemon.pid)"'])
    })
    const seen = await big(onEvent)
    await ended
    expect(seen.result).toMatchObject({ ok: false, cause: 'laptop.daemon-ended' })
  })

  it.each(['upload', 'build', 'download'] as const)(
    'a desktop that dies during %s is a lost connection, at once, and leaves nothing here',
    async (stage) => {
      const before = await leftovers(lab)
      // Dead it stays: systemd would have sshd back in a moment, and who is asked about the end would answer.
      const noRestart = '/run/systemd/system/ssh.service.d/lab-dead.conf'
      const bury = `mkdir -p \${1%/*}; printf '[Service]\\nRestart=no\\n' >"$1"; systemctl daemon-reload`
      await lab.onDesktop(['bash', '-c', bury, 'bash', noRestart])
      const death = await armed(
        lab,
        'systemctl kill -s KILL ssh; pkill -KILL sshd; pkill -KILL -u nix-builder; true',
      )
      let diedAt = Number.NaN
      const onEvent = when(stage, () => {
        diedAt = performance.now()
        death.pull()
      })
      const seen = await big(onEvent)
      const took = performance.now() - diedAt
      await death.done
      const revive = 'rm "$1"; systemctl daemon-reload; systemctl reset-failed ssh; systemctl restart ssh'
      await lab.onDesktop(['bash', '-c', revive, 'bash', noRestart])
      expect(seen.result).toMatchObject({ ok: false, cause: 'net.connection-lost' })
      expect(took).toBeLessThan(patienceMs)
      const mayStay = (line: string) => isStuck(line) || !line.startsWith('laptop')
      expect(await leftBehind(lab, before, mayStay)).toEqual([])
    },
  )
})
