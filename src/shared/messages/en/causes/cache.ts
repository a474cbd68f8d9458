// Causes in the binary cache, in English.
import type { CauseWordsOf } from '../../words.ts'

export const cacheCauses: CauseWordsOf<'cache'> = {
  'cache.port-closed': {
    title: 'no cache listens on {host}, port {port}',
    explain: 'The machine answers, but refuses the connection to {url}: the cache service is stopped.',
    fix: 'Start the cache service on {host}.',
  },
  'cache.timeout': {
    title: 'the cache on {host} does not answer',
    explain:
      'No answer came from {url} in time. The service may hang, a firewall may drop the packets, or {host} may be off.',
    fix: 'Restart the cache service on {host}; if it is off, wake it.',
  },
  'cache.http-error': {
    title: 'the cache {url} answers with error {status}',
    explain: 'Something answers there, but it does not give the description of a cache.',
    fix: 'Read the journal of the cache service on your desktop.',
  },
  'cache.not-a-cache': {
    title: '{url} is not a Nix cache',
    explain:
      'A web server answers there, but not with what Nix expects. Another service may have taken the port.',
    fix: 'Check which service listens there, or correct the address in substituters.',
  },
  'cache.store-dir-mismatch': {
    title: 'the cache {url} is for another store',
    explain: 'It serves {found}, but this laptop uses {expected}, so none of its paths fit.',
    fix: 'Use a cache that serves {expected}.',
  },
  'cache.narinfo-error': {
    title: 'the cache {url} fails to look up paths (error {status})',
    explain:
      'It greets, but every lookup fails; most often it cannot read its signing key. Nix may stop builds over this.',
    fix: 'Read the journal of the cache service, and check the signing key that it names.',
  },
  'cache.unsigned': {
    title: 'the cache {url} does not sign',
    explain: 'Its paths carry no signature, so Nix ignores them and builds everything again.',
    fix: 'Give the cache service a signing key; on NixOS, services.nix-serve.secretKeyFile.',
  },
  'cache.signature-untrusted': {
    title: 'the cache {url} signs with a key this laptop does not trust',
    explain:
      'The signing key is called {name}, and trusted-public-keys has no key of that name, so Nix ignores the cache.',
    fix: 'Add the public key of {name} to trusted-public-keys; on NixOS, to nix.settings.trusted-public-keys.',
  },
  'cache.signature-invalid': {
    title: 'the cache {url} has a new key under an old name',
    explain:
      'Your laptop trusts a key called {name}, but the signature is from another one: the key was made anew on the desktop.',
    fix: 'Replace the key of {name} in trusted-public-keys with the new public key; on NixOS, in nix.settings.trusted-public-keys.',
  },
}
