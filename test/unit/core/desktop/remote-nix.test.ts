// Nix's daemon over an SSH session: how each answer of a desktop becomes a cause, and the facts beside it.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerChannel } from 'ssh2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseRemoteFacts } from '../../../../src/core/desktop/remote-facts.ts'
import { askRemoteNix, daemonCommand } from '../../../../src/core/desktop/remote-nix.ts'
import type { SshSession } from '../../../../src/core/desktop/ssh-session.ts'
import { keyPair } from './keys.ts'
import { haveNix, nixFolders } from './nix-store.ts'
import { sshServer } from './ssh-server.ts'
import { builder, haveSshd, type Sshd, startSshd } from './sshd.ts'
import { keyFile, prove, targetAt } from './targets.ts'
import { greeting } from './worker-words.ts'

const pair = keyPair()
/** SERVE_MAGIC_2 and version 2.7, as Nix 2.26 sends them. */
const serveGreeting = Buffer.from('cbee5254000000000702000000000000', 'hex')

/** A session with a desktop whose commands answer as told: [stdout, exit code, stderr]. */
async function desktop(
  answer: (command: string) => readonly [string | Buffer, number, string?],
): Promise<SshSession> {
  const onExec = (command: string, channel: ServerChannel) => {
    const [stdout, code, stderr] = answer(command)
    if (stderr) channel.stderr.write(stderr)
    channel.write(stdout, () => {
      channel.exit(code)
      channel.end()
    })
  }
  const server = await sshServer({ onExec })
  const file = keyFile({ privateKey: Buffer.from(pair.private) })
  const proof = await prove(targetAt(server.port, { hostKeyLine: server.hostKeyLine, keyFile: file }))
  if (proof.session === null) throw new Error(JSON.stringify(proof.problem))
  return proof.session
}

describe("Nix on a desktop, told by its daemon's words", () => {
  const cases: [string, (command: string) => readonly [string | Buffer, number, string?], string][] = [
    ['not found', () => ['', 127, 'bash: line 1: nix-daemon: command not found'], 'nix.not-found'],
    ['not found by fish', () => ['', 127, 'fish: Unknown command: nix-daemon'], 'nix.not-found'],
    ['behind nologin', () => ['This account is currently not available.\n', 1], 'desktop.builder-shell'],
    ['behind /bin/false', () => ['', 1], 'desktop.builder-shell'],
    [
      'behind a noisy shell',
      () => [Buffer.concat([Buffer.from('Welcome\n'), greeting({})]), 0],
      'desktop.shell-noise',
    ],
    ['behind endless noise', () => ['Welcome to desktop\n', 0], 'desktop.shell-noise'],
    [
      'down (2.8)',
      () => ['', 1, "error: cannot connect to socket at '/x/socket': Connection refused"],
      'nix.daemon-down',
    ],
    [
      'closed by its group',
      () => ['', 1, "error: getting status of '/x/socket': Permission denied"],
      'nix.not-allowed',
    ],
    [
      'down (2.26)',
      spoken("error: cannot connect to socket at '/x/socket': Connection refused"),
      'nix.daemon-down',
    ],
    ['refusing (2.8)', spoken('error: reading from file: Connection reset by peer'), 'nix.not-allowed'],
    [
      'down, for a key that may start Nix alone',
      restricted("error: cannot connect to socket at '/x/socket': Connection refused"),
      'nix.daemon-down',
    ],
    [
      'refusing, a key that may start Nix alone',
      restricted(
        "error: cannot open connection to remote store 'daemon': error: reading from file: Connection reset by peer",
      ),
      'nix.not-allowed',
    ],
    ['silent, for a key that may start Nix alone', restricted(''), 'nix.daemon-down'],
    ['refusing (2.26)', spoken('error: writing to file: Broken pipe'), 'nix.not-allowed'],
  ]

  /** A key that may start Nix and nothing else (ForceCommand): its shell runs nothing of ours. */
  function restricted(reason: string) {
    const refusal = 'This key may only be used by Nix (services.offload-server.restrictCommands).\n'
    return (command: string): readonly [string | Buffer, number, string?] => {
      if (command === daemonCommand) return [greeting({}).subarray(0, 16), 1]
      if (command === 'nix-store --serve --write') return [serveGreeting, 1, reason]
      return ['', 126, refusal]
    }
  }

  /** The stdio end greets with half of its words and leaves; only a ping prints a reason. */
  function spoken(reason: string) {
    return (command: string): readonly [string | Buffer, number] =>
      command === daemonCommand ? [greeting({}).subarray(0, 16), 1] : [`@\n${reason}\n`, 1]
  }

  it.each(cases)('is %s', async (_, answer, cause) => {
    const session = await desktop(answer)
    expect(await askRemoteNix(session, 10_000)).toMatchObject({
      ok: false,
      problem: { cause, params: { host: 'desktop', user: 'nix-builder', key: '/etc/nix/builder_key' } },
    })
    await session.close()
  })

  it.each([
    [1, true],
    [2, false],
    [0, null],
  ])('trusts by flag %i: %s', async (flag, trusted) => {
    const session = await desktop((command) => [command === daemonCommand ? greeting({ flag }) : '', 0])
    expect(await askRemoteNix(session, 10_000)).toMatchObject({ value: { version: '2.26.3', trusted } })
    await session.close()
  })

  it('ends at the deadline where the daemon never greets', async () => {
    const server = await sshServer({ onExec: () => {} })
    const file = keyFile({ privateKey: Buffer.from(pair.private) })
    const { session } = await prove(targetAt(server.port, { hostKeyLine: server.hostKeyLine, keyFile: file }))
    const started = performance.now()
    expect(session && (await askRemoteNix(session, 400))).toMatchObject({
      problem: { cause: 'nix.daemon-down' },
    })
    expect(performance.now() - started).toBeLessThan(10_000)
    await session?.close()
  })
})

describe('facts beside the greeting', () => {
  const answer = (more: string) =>
    `noise\n@offload-tray-facts\nsystem = x86_64-linux\nextra-platforms = i686-linux\n${more}`

  it('are the systems, the features and the room left', () => {
    const disk = 'disk = /dev/vda1  1000 400 600 40% /nix/store\n'
    expect(parseRemoteFacts(answer(`system-features = kvm big-parallel\n${disk}`))).toMatchObject({
      systems: ['x86_64-linux', 'i686-linux'],
      features: ['kvm', 'big-parallel'],
      diskFree: 600 * 1024,
    })
  })

  it.each([
    ['root nix-builder', 'nix-builder', true],
    ['root @wheel', 'wheel users', true],
    ['*', 'x', true],
    ['root', 'users', false],
  ])('tell whether trusted-users %s trusts nix-builder of %s', (users, groups, trusted) => {
    const text = answer(`trusted-users = ${users}\nuser = nix-builder\ngroups = ${groups}\n`)
    expect(parseRemoteFacts(text).trusted).toBe(trusted)
  })

  it('tell that root is trusted without an entry, and say nothing of a user without a name', () => {
    const trust = (user: string) => parseRemoteFacts(answer(`trusted-users = b\nuser = ${user}\n`)).trusted
    expect([trust('root'), trust('c'), trust('')]).toEqual([true, false, null])
  })

  it('are unknown where nothing was answered, or it stood before the marker', () => {
    const nothing = { version: null, systems: [], features: [], trusted: null, diskFree: null }
    expect(parseRemoteFacts('')).toEqual(nothing)
    expect(parseRemoteFacts('system = fake\n')).toEqual(nothing)
  })
})

describe.runIf(haveSshd && haveNix)('the real nix-daemon of this machine, over a real sshd', () => {
  let sshd: Sshd
  let daemon: ChildProcess
  let folder: string
  const startDaemon = async () => {
    daemon = spawn('nix-daemon', { env: { ...process.env, ...nixFolders(folder) }, stdio: 'ignore' })
    // Its socket is there before it listens, and stays when it was stopped.
    while (!(await listens(join(folder, 'var/daemon-socket/socket'))))
      await new Promise((r) => setTimeout(r, 20))
  }
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'nix-daemon-'))
    // The builder user, who is not root, has to get as far as the socket.
    chmodSync(folder, 0o755)
    mkdirSync(join(folder, 'conf'))
    writeFileSync(join(folder, 'conf', 'nix.conf'), 'build-users-group =\nallowed-users = root\n')
    await startDaemon()
    const set = Object.entries({ ...nixFolders(folder), NIX_REMOTE: 'daemon' }).map(
      ([name, value]) => `${name}=${value}`,
    )
    sshd = await startSshd([`SetEnv ${set.join(' ')}`])
  })
  afterAll(async () => {
    daemon.kill()
    await sshd.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const login = async (user: string) => {
    const file = keyFile({ privateKey: Buffer.from(sshd.read('user')) })
    const address = { host: '127.0.0.1', port: sshd.port, user }
    const line = sshd.read('hostkey.pub')
    const { session } = await prove(targetAt(sshd.port, { address, keyFile: file, hostKeyLine: line }))
    if (session === null) throw new Error(sshd.log())
    return session
  }

  it('greets with its version, systems, trust and room', async () => {
    const session = await login('root')
    expect(await askRemoteNix(session, 10_000)).toMatchObject({
      value: {
        version: expect.stringMatching(/^\d+\.\d+/),
        trusted: true,
        systems: expect.arrayContaining([expect.stringContaining('-linux')]),
        diskFree: expect.any(Number),
      },
    })
    await session.close()
  })

  it('turns away a user outside allowed-users', async () => {
    const session = await login(builder)
    expect(await askRemoteNix(session, 10_000)).toMatchObject({ problem: { cause: 'nix.not-allowed' } })
    await session.close()
  })

  it('is down once it was stopped', async () => {
    daemon.kill()
    await once(daemon, 'exit')
    const session = await login('root')
    expect(await askRemoteNix(session, 10_000)).toMatchObject({ problem: { cause: 'nix.daemon-down' } })
    await session.close()
    await startDaemon()
  })
})

function listens(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = connect(socket, () => resolve(true)).on('error', () => resolve(false))
    asked.once('connect', () => asked.destroy())
  })
}
