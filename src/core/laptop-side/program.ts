// The programs that root's shell is given on stdin: what was planned, as data; nothing secret is in them.
import { createHash } from 'node:crypto'
import base from '../repair/scripts/base.sh?raw'
import keys from '../repair/scripts/keys.sh?raw'
import laptop from '../repair/scripts/laptop.sh?raw'
import { call, quote } from '../repair/sh.ts'
import type { LaptopPlanned, Placement } from './plan.ts'

/** A file as it was left: what undo needs to know. */
export interface Placed {
  readonly path: string
  readonly backup: string | null
  /** SHA-256 in hex of what was written. */
  readonly sha256: string
}

type Parts = Pick<LaptopPlanned, 'placements' | 'makeKey' | 'restart'> &
  Partial<Pick<LaptopPlanned, 'rootHost'>>

/** All or none: the key, the files, then the daemon. News are lines that begin with "@TOKEN ". */
export function applyProgram(
  token: string,
  { placements, makeKey, restart, rootHost = null }: Parts,
): string {
  const functions = placements.map(({ path, before, after }, n) => {
    const words = [path, before === null ? 'absent' : sha256(before), String(after.length), base64(after)]
    const back = call('put_back', [path, sha256(after)])
    return `change_${n}() { ${call('place_text', words)}; }\nback_${n}() { ${back} "$1"; }\n`
  })
  const runs = placements.map(({ path }, n) => `change ${n}; tell changed ${quote(path)} "$backup"`)
  const last = placements.length
  const ofRoot =
    rootHost === null
      ? []
      : [
          `change_${last}() { ${call('renew_of_root', [rootHost.name, rootHost.key])}; }\nback_${last}() { put_root_back "$1"; }\n`,
        ]
  const renews =
    rootHost === null
      ? []
      : [`change ${last}; [ -z "$backup" ] || { tell renewed "$real" "$backup"; tell sum "$real" "$sum"; }`]
  const key =
    makeKey === null
      ? []
      : [`${call('make_builder_key', [makeKey])} || { tell failed '' ''; exit 1; }`, "tell key '' ''"]
  return program(token, [...functions, ...ofRoot], [...key, ...runs, ...renews, ...restarting(restart)])
}

/** Puts back what `applyProgram` changed, the last first; a file that somebody changed since stays, and is told. */
export function undoProgram(token: string, placed: readonly Placed[], restart: boolean): string {
  const runs = placed.toReversed().map(({ path, backup, sha256: now }) => {
    const back = call('put_back', [path, now, backup ?? ''])
    return `${back} && tell restored ${quote(path)} '' || { tell failed '' ''; failed=yes; }`
  })
  return program(token, ["failed=''\n"], [...runs, ...restarting(restart), '[ -z "$failed" ] || exit 1'])
}

/** SHA-256 of a text whose characters are bytes. */
export function sha256(bytes: Placement['after']): string {
  return createHash('sha256').update(Buffer.from(bytes, 'latin1')).digest('hex')
}

const base64 = (bytes: string) => Buffer.from(bytes, 'latin1').toString('base64')

const restarting = (restart: boolean) =>
  restart ? ["if restart_daemon; then tell restarted '' ''; else tell not-restarted '' ''; fi"] : []

/** One last line: the shell has read it all before it begins. */
function program(token: string, functions: readonly string[], runs: readonly string[]): string {
  const all = [`token=${quote(token)}`, "tell begun '' ''", ...runs, 'exit 0']
  return `${base}${keys}${laptop}${functions.join('')}${all.join('; ')}\n`
}
