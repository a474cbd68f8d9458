// Runs the real nix-instantiate, where there is one.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { canRun } from '../../needs.ts'

interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** With a store of its own folder, so that nothing of the machine's Nix is read or written. */
function run(args: readonly string[]): Ran {
  const folder = mkdtempSync(join(tmpdir(), 'offload-eval-'))
  try {
    const own = {
      NIX_STORE_DIR: join(folder, 'store'),
      NIX_STATE_DIR: join(folder, 'state'),
      NIX_LOCALSTATE_DIR: folder,
    }
    const { status, stdout, stderr, error } = spawnSync('nix-instantiate', args, {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, ...own },
    })
    return { code: status, stdout: stdout ?? '', stderr: error === undefined ? stderr : String(error) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** False where Nix is missing and may be: a person's own run. In CI it counts as there, so that the tests fail. */
export const hasNix = canRun('nix-instantiate')

/** What Nix has against each of these files' syntax; empty where nothing. One process for all. */
export function parseErrors(texts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'offload-parse-'))
  try {
    const files = Object.entries(texts).map(([name, text]) => {
      const file = join(folder, `${name.replaceAll('/', '-')}.nix`)
      writeFileSync(file, text)
      return file
    })
    return parseFiles(files)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The same for files that are there. */
export function parseFiles(files: readonly string[]): string {
  const { code, stderr } = run(['--parse', ...files])
  return code === 0 ? '' : stderr || `ended with ${code}`
}

/** Evaluates an expression, everything in it, to JSON. Throws with Nix's own words. */
export function evaluate(expression: string): unknown {
  const args = ['--eval', '--strict', '--json', '--readonly-mode', '--option', 'restrict-eval', 'false', '-E']
  const { code, stdout, stderr } = run([...args, expression])
  if (code !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}

const realLib = process.env['OFFLOAD_NIXPKGS_LIB']

/** For stand-in/evaluate.nix: the real lib of nixpkgs, where OFFLOAD_NIXPKGS_LIB names its folder; else the stand-in. */
export const libArgument = realLib === undefined ? '' : `lib = import ${realLib};`
