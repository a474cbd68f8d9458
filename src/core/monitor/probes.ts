// The questions the monitor asks of a desktop, as a table: tests put their own answers in its place.
import type { Outcome } from '../../shared/outcome.ts'
import type { SshTarget } from '../desktop/prove.ts'
import type { CacheInfo, OfferedKey, RemoteNix, SignatureVerdict, SshProof } from '../desktop/results.ts'
import type { SshSession } from '../desktop/ssh-session.ts'
import type { PortClosed, TcpAddress } from '../desktop/tcp.ts'

export interface Probes {
  knock(
    address: TcpAddress,
    deadlineMs: number,
    closed: PortClosed,
  ): Promise<Outcome<{ readonly ms: number; readonly ip: string }>>
  prove(target: SshTarget, deadlineMs: number): Promise<SshProof>
  askNix(session: SshSession, deadlineMs: number): Promise<Outcome<RemoteNix>>
  cacheInfo(url: string, storeDir: string, deadlineMs: number): Promise<Outcome<CacheInfo>>
  verifyPath(
    url: string,
    storePath: string,
    trustedKeys: readonly string[],
    deadlineMs: number,
  ): Promise<SignatureVerdict>
  trust(
    file: string,
    address: { readonly host: string; readonly port: number },
    key: OfferedKey,
  ): Promise<Outcome<void>>
}

/** The real desktop. Its code (ssh2 above all) is loaded when first asked for: the survey of the laptop runs meanwhile. */
export async function realProbes(): Promise<Probes> {
  const [tcp, prove, nix, cache, trust] = await Promise.all([
    import('../desktop/tcp.ts'),
    import('../desktop/prove.ts'),
    import('../desktop/remote-nix.ts'),
    import('../desktop/cache-client.ts'),
    import('../desktop/trust.ts'),
  ])
  return {
    knock: tcp.knockTcp,
    prove: prove.proveBuilder,
    askNix: nix.askRemoteNix,
    cacheInfo: cache.readCacheInfo,
    verifyPath: cache.verifyPath,
    trust: trust.trustHostKey,
  }
}
