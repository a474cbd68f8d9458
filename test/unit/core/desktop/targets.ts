// What to prove in tests: a target on 127.0.0.1, and a fresh limiter so that tests never wait for each other.
import { createProbeLimiter } from '../../../../src/core/desktop/probe-limiter.ts'
import { proveBuilder, type SshTarget } from '../../../../src/core/desktop/prove.ts'
import type { SshProof } from '../../../../src/core/desktop/results.ts'
import type { BuilderKeyFile } from '../../../../src/core/laptop/facts.ts'
import { keyPair } from './keys.ts'

type Present = Extract<BuilderKeyFile, { state: 'present' }>

export function keyFile(halves: Partial<Pick<Present, 'privateKey' | 'publicKeyLine'>>): BuilderKeyFile {
  const file = {
    state: 'present',
    path: '/etc/nix/builder_key',
    mode: 0o600,
    ownerUid: 0,
    problems: [],
  } as const
  return { ...file, privateKey: null, publicKeyLine: null, ...halves }
}

const anyKey = keyPair()

/** A target whose key is some public key; the rest as given. */
export function targetAt(port: number, more: Partial<SshTarget> = {}): SshTarget {
  return {
    address: { host: '127.0.0.1', port, user: 'nix-builder' },
    displayHost: 'desktop',
    keyFile: keyFile({ publicKeyLine: anyKey.public }),
    hostKeyLine: null,
    knownHosts: [],
    ...more,
  }
}

export function prove(target: SshTarget, deadlineMs = 10_000): Promise<SshProof> {
  return proveBuilder(target, deadlineMs, createProbeLimiter())
}
