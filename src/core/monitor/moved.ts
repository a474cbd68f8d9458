// Whether a builder's name leads elsewhere than where the desktop was last proven: away from home it may be another machine.
import { type Params, type Problem, problem } from '../../shared/outcome.ts'
import type { SshPeer, SshProof } from '../desktop/results.ts'

/** The addresses as messages name them. */
export interface Move {
  readonly expected: string
  readonly found: string
}

/** Where a proof met the very machine that was meant: its address, worth remembering; null where it proved no such thing. */
export function provenAddress({ hostKey, peer }: Pick<SshProof, 'hostKey' | 'peer'>): string | null {
  // Without a name there is nothing that could lead elsewhere.
  if (hostKey?.state !== 'trusted' || peer === null || peer.addresses.length === 0) return null
  return peer.ip
}

/** Where the name led a connection, or a failed one (its problem's params.found), instead of `proven`; null: no move. */
export function moveFrom(
  proven: string | undefined,
  peer: SshPeer | null,
  params: Params | undefined,
): Move | null {
  const found = peer === null ? String(params?.['found'] ?? '') : peer.addresses.join(', ')
  if (proven === undefined || found === '' || found.split(', ').includes(proven)) return null
  return { expected: proven, found }
}

/** The problem as the move explains it; its own words, or its cause, stay in the details. */
export function asMove(why: Problem, move: Move | null): Problem {
  return move === null ? why : problem('net.moved', { ...move }, why.raw ?? why.cause)
}
