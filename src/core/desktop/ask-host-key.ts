// Asks a machine for its host key and judges it; hangs up before any credential.
import { bad, good, type Outcome, type Params } from '../../shared/outcome.ts'
import { hostKeyAlgorithms, judgeHostKey, type KnownKeys } from './host-key.ts'
import { probeLimiter } from './probe-limiter.ts'
import type { HostKeyVerdict } from './results.ts'
import { connectSsh } from './ssh-connect.ts'

const hostKeyMs = 10_000

/** The verdict on the key that is shown at an address, by what this laptop knows. Ends in net.* or ssh.*. */
export async function askHostKey(
  address: { readonly host: string; readonly port: number; readonly user: string },
  keys: KnownKeys,
  params: Params,
): Promise<Outcome<HostKeyVerdict>> {
  const attempt = await probeLimiter.run(
    `${address.host}:${address.port}`,
    () =>
      connectSsh({
        address,
        params,
        goal: { kind: 'host-key' },
        deadlineMs: hostKeyMs,
        hostKeyAlgorithms: hostKeyAlgorithms(keys),
        judgeHostKey: (offered) => judgeHostKey(offered, keys),
      }),
    () => false,
  )
  if (attempt.hostKey !== null) return good(attempt.hostKey)
  if (attempt.end.state === 'failed') return { ok: false, problem: attempt.end.problem }
  return bad('ssh.protocol-error', params)
}
