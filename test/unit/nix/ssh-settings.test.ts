// What the modules write into ssh_config and sshd_config, read back by OpenSSH itself.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { evaluate, hasNix, libArgument } from './nix-instantiate.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

function configOf(module: 'server' | 'client', settings: string, option: string): string {
  return evaluate(`(import ${path('stand-in/evaluate.nix')} {
    ${libArgument}
    modules = [ ${path(`../../../nix/modules/offload-${module}.nix`)} ];
    settings = { services.offload-${module} = { enable = true; ${settings} }; };
  }).config.${option}`) as string
}

/** Runs a program with `files` beside it; `{}` in an argument is their folder. */
function asked(program: string, args: readonly string[], files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'offload-ssh-'))
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
    const made = spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'host')])
    expect(made.status).toBe(0)
    const filled = args.map((arg) => arg.replaceAll('{}', folder))
    const { status, stdout, stderr } = spawnSync(program, filled, { encoding: 'utf8' })
    expect([status, stderr]).toEqual([0, ''])
    return stdout.toLowerCase()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const hasSsh = process.env['CI'] !== undefined || spawnSync('ssh', ['-V']).status === 0
if (!hasSsh) console.warn('No ssh here: its reading of our settings is left out (apt install openssh-client)')

describe.runIf(hasNix && hasSsh)('ssh on the laptop', () => {
  const config = () =>
    `${configOf('client', 'host = "192.168.15.7"; sshPort = 2222;', 'programs.ssh.extraConfig')}\nHost *\n  ForwardX11 no\n`
  const ssh = (target: string) => asked('ssh', ['-G', '-T', '-F', '{}/config', target], { config: config() })

  it('has a deadline, the port and the key for the builder', () => {
    const read = ssh('nix-builder@192.168.15.7')
    for (const line of [
      'connecttimeout 5',
      'port 2222',
      'hostkeyalias 192.168.15.7',
      'serveraliveinterval 15',
    ])
      expect(read).toContain(`\n${line}\n`)
    expect(read).toContain('identityfile /etc/nix/builder_key\n')
  })

  it('is left as it was for the person’s own sign-ins', () => {
    for (const target of ['ana@192.168.15.7', 'nix-builder@elsewhere']) {
      const read = ssh(target)
      expect(read).toContain('\nport 22\n')
      expect(read).not.toContain('builder_key')
    }
  })
})

const sshd = '/usr/sbin/sshd'
const hasSshd = process.env['CI'] !== undefined || spawnSync(sshd, ['-?']).error === undefined
if (!hasSshd)
  console.warn('No sshd here: its reading of our settings is left out (apt install openssh-server)')

describe.runIf(hasNix && hasSsh && hasSshd)('sshd on the desktop', () => {
  const ask = (user: string) => {
    const ours = configOf('server', '', 'services.openssh.extraConfig')
    const config = `PasswordAuthentication yes\n${ours}`
    const context = `user=${user},host=laptop,addr=192.168.15.9`
    return asked(sshd, ['-T', '-C', context, '-f', '{}/config', '-h', '{}/host'], { config })
  }

  it('gives the builder neither terminal, nor forwarding, nor a password', () => {
    const read = ask('nix-builder')
    for (const name of [
      'permittty',
      'allowtcpforwarding',
      'allowagentforwarding',
      'x11forwarding',
      'passwordauthentication',
    ])
      expect(read).toContain(`\n${name} no\n`)
  })

  it('treats everybody else as before', () => {
    const read = ask('ana')
    for (const name of ['permittty', 'allowtcpforwarding', 'passwordauthentication'])
      expect(read).toContain(`\n${name} yes\n`)
  })
})
