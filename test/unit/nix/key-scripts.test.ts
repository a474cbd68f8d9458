// The modules' own shell scripts, run for real: keys are made where they lack, and never replaced.
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { evaluate, hasNix, libArgument } from './nix-instantiate.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))
const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A folder with a bin of stand-ins: chown needs root, so it is one that does nothing, told so by its name. */
function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'offload-keys-'))
  folders.push(folder)
  mkdirSync(join(folder, 'stand-ins'))
  writeFileSync(join(folder, 'stand-ins', 'chown'), '#!/bin/sh\nexit 0\n')
  chmodSync(join(folder, 'stand-ins', 'chown'), 0o755)
  return folder
}

/** The text of a unit of a machine with these settings. */
function scriptOf(module: 'server' | 'client', unit: string, settings: string): string {
  return evaluate(`(import ${path('stand-in/evaluate.nix')} {
    ${libArgument}
    modules = [ ${path(`../../../nix/modules/offload-${module}.nix`)} ];
    settings = { services.offload-${module} = { enable = true; ${settings} }; };
  }).config.systemd.services.${unit}.script`) as string
}

/** As systemd runs it on NixOS: bash -e. */
function run(folder: string, script: string, input: Record<string, string> = {}) {
  return spawnSync('bash', ['-e', '-c', script], {
    encoding: 'utf8',
    env: {
      ...process.env,
      ...input,
      HOME: folder,
      PATH: `${join(folder, 'stand-ins')}:${process.env['PATH']}`,
      NIX_STORE_DIR: join(folder, 'store'),
      NIX_STATE_DIR: join(folder, 'state'),
      NIX_LOG_DIR: join(folder, 'log'),
      NIX_REMOTE: '',
    },
  })
}

const mode = (file: string) => (statSync(file).mode & 0o777).toString(8)

describe.runIf(hasNix)('the desktop’s signing key', () => {
  const settings = (folder: string, more = '') =>
    `cacheKeyPath = "${folder}/priv key.pem"; cachePublicKeyPath = "${folder}/pub.pem"; ${more}`
  const script = (folder: string, more = '') =>
    scriptOf('server', 'offload-cache-key', settings(folder, more))

  it('is made once, for root only, and its public half is published', () => {
    const folder = place()
    const first = run(folder, script(folder))
    expect(first.status, first.stderr).toBe(0)
    const key = readFileSync(join(folder, 'priv key.pem'), 'utf8')
    expect(key).toMatch(/^cache\.local-1:[A-Za-z0-9+/]{86}==$/)
    expect(mode(join(folder, 'priv key.pem'))).toBe('400')
    expect(readFileSync(join(folder, 'pub.pem'), 'utf8')).toMatch(/^cache\.local-1:[A-Za-z0-9+/]{43}=\n$/)
    expect(mode(join(folder, 'pub.pem'))).toBe('444')
    // Nothing of the key is told.
    expect(first.stdout + first.stderr).not.toContain(key.slice(15, 60))

    const second = run(folder, script(folder))
    expect(second.status, second.stderr).toBe(0)
    expect(readFileSync(join(folder, 'priv key.pem'), 'utf8')).toBe(key)
    expect(spawnSync('ls', ['-A', folder], { encoding: 'utf8' }).stdout).not.toContain('.offload-cache-key')
  })

  it('is published again when only the public half is gone', () => {
    const folder = place()
    run(folder, script(folder))
    const published = readFileSync(join(folder, 'pub.pem'), 'utf8')
    rmSync(join(folder, 'pub.pem'))
    expect(run(folder, script(folder)).status).toBe(0)
    expect(readFileSync(join(folder, 'pub.pem'), 'utf8')).toBe(published)
  })

  it('stops loudly when another public key was published, and changes nothing', () => {
    const folder = place()
    run(folder, script(folder))
    const other = `cache.local-1:${'A'.repeat(43)}=\n`
    chmodSync(join(folder, 'pub.pem'), 0o644)
    writeFileSync(join(folder, 'pub.pem'), other)
    const ran = run(folder, script(folder))
    expect(ran.status).toBe(1)
    expect(ran.stderr).toContain('does not belong to the signing key')
    expect(readFileSync(join(folder, 'pub.pem'), 'utf8')).toBe(other)
  })

  it('stops loudly when the key has another name, or is none', () => {
    const folder = place()
    run(folder, script(folder))
    const renamed = run(folder, script(folder, 'keyName = "other-1";'))
    expect(renamed.status).toBe(1)
    expect(renamed.stderr).toContain('is called cache.local-1, but')

    chmodSync(join(folder, 'priv key.pem'), 0o600)
    writeFileSync(join(folder, 'priv key.pem'), 'no key at all')
    expect(run(folder, script(folder)).status).not.toBe(0)
    expect(readFileSync(join(folder, 'priv key.pem'), 'utf8')).toBe('no key at all')
  })
})

const hasKeygen = process.env['CI'] !== undefined || spawnSync('ssh-keygen', ['-?']).error === undefined

describe.runIf(hasNix && hasKeygen)('the laptop’s builder key', () => {
  const script = (folder: string) =>
    scriptOf('client', 'offload-builder-key', `host = "desktop"; sshKey = "${folder}/etc/key";`)

  it('is made once, for root only, without a passphrase', () => {
    const folder = place()
    const first = run(folder, script(folder))
    expect(first.status, first.stderr).toBe(0)
    const file = join(folder, 'etc', 'key')
    const [key, pub] = [readFileSync(file, 'utf8'), readFileSync(`${file}.pub`, 'utf8')]
    expect([mode(file), mode(`${file}.pub`)]).toEqual(['600', '644'])
    expect(first.stdout).toContain(pub.trim())
    expect(first.stdout).not.toContain('PRIVATE')

    rmSync(`${file}.pub`)
    chmodSync(file, 0o644)
    const second = run(folder, script(folder))
    expect(second.status, second.stderr).toBe(0)
    expect(readFileSync(file, 'utf8')).toBe(key)
    expect(mode(file)).toBe('600')
    expect(readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2)).toEqual(pub.split(' ').slice(0, 2))
    expect(existsSync(`${file}.pub.new`)).toBe(false)
  })
})

describe.runIf(hasNix)('the forced command', () => {
  const forced = () => {
    const config = evaluate(`(import ${path('stand-in/evaluate.nix')} {
      ${libArgument}
      modules = [ ${path('../../../nix/modules/offload-server.nix')} ];
      settings = { services.offload-server = { enable = true; restrictCommands = true; }; };
    }).config.services.openssh.extraConfig`) as string
    const [, text] = /^ {2}ForceCommand \/pkgs\/offload-builder-command#(.*)$/m.exec(config) ?? []
    return (JSON.parse(text ?? '""') as string).replaceAll('exec /pkgs/nix/bin/', 'echo ran ')
  }

  it.each([
    ['nix-daemon --stdio', 0, 'ran nix-daemon --stdio'],
    ['nix-store --serve --write', 0, 'ran nix-store --serve --write'],
    ['nix-daemon --stdio; id', 126, ''],
    ['sh', 126, ''],
    ['', 126, ''],
  ])('answers %j with %i', (command, status, out) => {
    const ran = run(place(), forced(), { SSH_ORIGINAL_COMMAND: command })
    expect([ran.status, ran.stdout.trim()]).toEqual([status, out])
  })

  it('lets nobody in who asks for a shell', () => {
    expect(run(place(), `unset SSH_ORIGINAL_COMMAND; ${forced()}`).status).toBe(126)
  })
})
