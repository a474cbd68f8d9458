// A signed file cache made by the real Nix of this machine in a folder of its own.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canTest } from '../../../needs.ts'

export const haveNix = canTest('nix-store', spawnSync('nix-store', ['--version']).status === 0)

export interface SignedCache {
  /** "name:base64" */
  readonly publicKey: string
  readonly storeDir: string
  /** Its narinfos, as Nix wrote them. */
  readonly narinfos: readonly string[]
  remove(): void
}

/** Two paths, of which one refers to the other and to itself, signed with a fresh key called cache.test-1. */
export function signedCache(): SignedCache {
  const folder = mkdtempSync(join(tmpdir(), 'nix-'))
  const env = { ...process.env, ...nixFolders(folder), HOME: folder }
  mkdirSync(join(folder, 'conf'))
  writeFileSync(join(folder, 'conf', 'nix.conf'), 'build-users-group =\nsandbox = false\nsubstituters =\n')
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { env, encoding: 'utf8', stdio: 'pipe' }).trim()
  run(
    'nix-store',
    '--generate-binary-cache-key',
    'cache.test-1',
    join(folder, 'secret'),
    join(folder, 'public'),
  )
  const expression = `let
    dep = derivation { name = "dep"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo dep > $out" ]; };
  in derivation { name = "top"; system = builtins.currentSystem; builder = "/bin/sh"; args = [ "-c" "echo $out \${dep} > $out" ]; }`
  const path = run('nix-build', '--no-out-link', '-E', expression)
  const target = `file://${folder}/cache?secret-key=${folder}/secret`
  run('nix', '--extra-experimental-features', 'nix-command', 'copy', '--to', target, path)
  const narinfos = readdirSync(join(folder, 'cache'))
    .filter((name) => name.endsWith('.narinfo'))
    .map((name) => readFileSync(join(folder, 'cache', name), 'utf8'))
  const publicKey = readFileSync(join(folder, 'public'), 'utf8').trim()
  const remove = () => {
    execFileSync('chmod', ['-R', 'u+w', folder])
    rmSync(folder, { recursive: true })
  }
  return { publicKey, storeDir: join(folder, 'store'), narinfos, remove }
}

/** Keeps Nix out of the machine's own store. */
export function nixFolders(folder: string): Record<string, string> {
  return {
    NIX_STORE_DIR: join(folder, 'store'),
    NIX_STATE_DIR: join(folder, 'var'),
    NIX_LOG_DIR: join(folder, 'log'),
    NIX_CONF_DIR: join(folder, 'conf'),
  }
}
