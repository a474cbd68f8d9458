// Makes the builder key where this laptop has none: ed25519, without a passphrase (Nix cannot type one), never over
// another.
import { spawn } from 'node:child_process'
import { access, constants, lstat } from 'node:fs/promises'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { bad, good, type Outcome } from '../../shared/outcome.ts'

/** A person needs a while to find their password. */
const deadlineMs = 180_000

/**
 * Whether `makeBuilderKey` may be offered: not on NixOS, whose configuration should say it, and not without pkexec,
 * for the usual place of the key belongs to root.
 */
export async function canMakeKey(env: NodeJS.ProcessEnv, nixosMark = '/etc/NIXOS'): Promise<boolean> {
  if (await isThere(nixosMark)) return false
  const folders = (env['PATH'] ?? '').split(delimiter).filter(isAbsolute)
  const found = await Promise.all(folders.map((folder) => mayRun(join(folder, 'pkexec'))))
  return found.includes(true)
}

/**
 * Makes the key pair at `path`: as this user where they may write there, else as root by pkexec, which asks for the
 * password itself. Ends in laptop.file-unreadable {file}, with ssh-keygen's or pkexec's words.
 */
export async function makeBuilderKey(path: string, env: NodeJS.ProcessEnv): Promise<Outcome<void>> {
  if (!isAbsolute(path)) return bad('laptop.file-unreadable', { file: path })
  if (await isThere(path)) return bad('laptop.file-unreadable', { file: path }, 'there is a file already')
  const keygen = ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'builder', '-f', path]
  const own = await access(dirname(path), constants.W_OK).then(
    () => true,
    () => false,
  )
  const { code, said } = await run(own ? keygen : ['pkexec', ...keygen], env)
  return code === 0 ? good(undefined) : bad('laptop.file-unreadable', { file: path }, said)
}

/** No stdin: ssh-keygen, asked whether to overwrite a file that came up meanwhile, then gives up (its confirm_overwrite). */
function run(
  argv: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const [program = 'false', ...args] = argv
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], timeout: deadlineMs })
    let said = ''
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(0, 2000)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', (error) => resolve({ code: null, said: String(error) }))
    child.once('close', (code) => resolve({ code, said }))
  })
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}

async function mayRun(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  )
}
