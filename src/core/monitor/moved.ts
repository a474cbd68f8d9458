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

/** By host name: the address that it led to when its desktop was last proven. */
export type Addresses = Readonly<Record<string, string>>

/** Where the host's name led a connection, or a failed one (its problem's params.found), if not where it was proven. */
export function moveOf(
  addresses: Addresses,
  host: string,
  peer: SshPeer | null,
  params: Params | undefined,
): Move | null {
  // A host may be called "constructor".
  const proven = Object.hasOwn(addresses, host) ? addresses[host] : undefined
  const found = peer === null ? String(params?.['found'] ?? '') : peer.addresses.join(', ')
  if (proven === undefined || found === '' || found.split(', ').includes(proven)) return null
  return { expected: proven, found }
}

/** The problem as the move explains it; its own words, or its cause, stay in the details. */
export function asMove(why: Problem, move: Move | null): Problem {
  return move === null ? why : problem('net.moved', { ...move }, why.raw ?? why.cause)
}
