// The exact NixOS lines for each machine, to paste into its configuration.

import { printBlock } from './configuration.ts'
import type { NixValue } from './literal.ts'

/** What the desktop's module is to be told; what is not given is left to its defaults. */
export interface ServerOptions {
  readonly cachePort?: number
  readonly builderUser?: string
  readonly cacheKeyPath?: string
  readonly cacheBackend?: 'nix-serve' | 'harmonia'
  readonly keyName?: string
  readonly enableNFS?: boolean
  readonly nfsSubnet?: string
  readonly interfaces?: readonly string[]
  /** Public key lines of the laptops that may build. */
  readonly authorizedKeys?: readonly string[]
}

/** What this laptop knows of its desktop. */
export interface ClientFacts {
  /** Address or name: the one place where it stands. */
  readonly host: string
  readonly sshPort?: number
  readonly builderUser?: string
  readonly sshKey?: string
  /** The desktop's host key line, "ssh-ed25519 AAAA…", once it was proven or trusted; null while unknown. */
  readonly hostKey: string | null
  /** "cache.local-1:base64"; null while unknown: then no cache is added. */
  readonly cachePublicKey: string | null
  readonly cachePort?: number
  readonly systems?: readonly string[]
  readonly maxJobs?: number
  readonly speedFactor?: number
  readonly supportedFeatures?: readonly string[]
}

const serverDefaults: ServerOptions = {
  cachePort: 5000,
  builderUser: 'nix-builder',
  cacheKeyPath: '/var/cache-priv-key.pem',
  cacheBackend: 'nix-serve',
  keyName: 'cache.local-1',
  enableNFS: false,
}

const clientDefaults: Partial<ClientFacts> = {
  sshPort: 22,
  builderUser: 'nix-builder',
  sshKey: '/etc/nix/builder_key',
  cachePort: 5000,
}

/** The settings that `editConfiguration` is to make hold for a desktop: enabled, and whatever differs from the defaults. */
export function serverSettings(options: ServerOptions): Readonly<Record<string, NixValue>> {
  return { enable: true, ...differing(options, serverDefaults) }
}

/** `services.offload-server = { … };` for the desktop's configuration. */
export function serverSnippet(options: ServerOptions): string {
  return block('services.offload-server', serverSettings(options))
}

/** `services.offload-client = { … };` for the laptop's configuration. */
export function clientSnippet(facts: ClientFacts): string {
  const { host, hostKey, cachePublicKey, ...more } = facts
  return block('services.offload-client', {
    enable: true,
    host,
    ...(hostKey === null ? {} : { publicHostKey: withoutComment(hostKey) }),
    ...(cachePublicKey === null ? {} : { cachePublicKey }),
    ...differing(more, clientDefaults),
  })
}

function differing<T extends object>(given: T, defaults: Partial<T>): Readonly<Record<string, NixValue>> {
  const entries = Object.entries(given).filter(
    ([name, value]) =>
      value !== undefined &&
      value !== (defaults as Record<string, unknown>)[name] &&
      !(Array.isArray(value) && value.length === 0),
  )
  return Object.fromEntries(entries)
}

/** A host key is its type and blob; what follows is a remark. */
const withoutComment = (line: string) => line.trim().split(/\s+/).slice(0, 2).join(' ')

const block = (name: string, settings: Readonly<Record<string, NixValue>>) =>
  `${printBlock(name, Object.entries(settings), '', '  ', '\n', false)}\n`
