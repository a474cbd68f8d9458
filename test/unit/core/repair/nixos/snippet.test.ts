// The lines a person pastes: exact, valid Nix, and with nothing of a hostile value outside its string.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Nix's signs in plain strings.
import { describe, expect, it } from 'vitest'
import { editConfiguration } from '../../../../../src/core/repair/nixos/configuration.ts'
import { literalOf, printString } from '../../../../../src/core/repair/nixos/literal.ts'
import { parseNix } from '../../../../../src/core/repair/nixos/parse.ts'
import { clientSnippet, serverSettings, serverSnippet } from '../../../../../src/core/repair/nixos/snippet.ts'
import { evaluate, hasNix, parseErrors } from '../../../nix/nix-instantiate.ts'

const nasty = 'a" ${builtins.abort "x"} \\${y} $${z} \\ \n\t\' \'\' ñ'

describe('the snippets', () => {
  it('say for the desktop what differs from the defaults', () => {
    expect(
      serverSnippet({
        cachePort: 5000,
        builderUser: 'nix-builder',
        authorizedKeys: ['ssh-ed25519 AAAA a', 'ssh-ed25519 BBBB b'],
      }),
    ).toBe(`services.offload-server = {
  enable = true;
  authorizedKeys = [
    "ssh-ed25519 AAAA a"
    "ssh-ed25519 BBBB b"
  ];
};
`)
  })

  it('say for the laptop where the desktop is and which keys are its own', () => {
    expect(
      clientSnippet({
        host: '192.168.15.7',
        hostKey: 'ssh-ed25519 AAAAHost root@desktop',
        cachePublicKey: 'cache.local-1:abc=',
        cachePort: 5000,
        sshPort: 2222,
        maxJobs: 8,
      }),
    ).toBe(`services.offload-client = {
  enable = true;
  host = "192.168.15.7";
  publicHostKey = "ssh-ed25519 AAAAHost";
  cachePublicKey = "cache.local-1:abc=";
  sshPort = 2222;
  maxJobs = 8;
};
`)
  })

  it('leave out what is not known yet', () => {
    expect(clientSnippet({ host: 'desktop', hostKey: null, cachePublicKey: null })).toBe(
      'services.offload-client = {\n  enable = true;\n  host = "desktop";\n};\n',
    )
  })

  it('come back through the editor as already there', () => {
    const options = { cachePort: 5001, authorizedKeys: [`ssh-ed25519 AAAA ${nasty}`] }
    const text = `{\n${serverSnippet(options)}}\n`
    expect(editConfiguration(text, { settings: serverSettings(options) })).toEqual({ kind: 'already' })
  })

  it('keep a hostile value inside its string', () => {
    expect(literalOf(parseNix(printString(nasty)))).toBe(nasty)
  })

  it.runIf(hasNix)('mean to Nix what they were made of', () => {
    expect(evaluate(printString(nasty))).toBe(nasty)
    const text = clientSnippet({ host: nasty, hostKey: nasty, cachePublicKey: nasty, systems: [nasty, 'x'] })
    expect(parseErrors({ text: `{ ${text} }` })).toBe('')
    const value = evaluate(`{ ${text} }`) as { services: { 'offload-client': { host: string } } }
    expect(value.services['offload-client'].host).toBe(nasty)
  })
})
