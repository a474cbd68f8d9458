// Facts of a NixOS desktop -> plan: what its configuration has to mend, what small steps mend, and what is refused.
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { moduleText } from '../../../../src/core/repair/nixos/module-text.ts'
import { makePlan } from '../../../../src/core/repair/plan.ts'
import type { Choices } from '../../../../src/core/repair/steps/context.ts'
import {
  type FactsWish,
  factsOf,
  fileOf,
  goodLine,
  type MachineWish,
  nixosMachine,
  textFileOf,
} from './facts.ts'
import { builderKey, repairTarget } from './target.ts'

const key = `${builderKey.public.trim()} root@laptop`
const at = '/etc/nixos'
const flakeWith = (modules: string) => `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.desktop = nixpkgs.lib.nixosSystem {
      modules = ${modules};
    };
  };
}
`
const server = './modules/services/offload-server.nix'
const plainFlake = flakeWith('[ ./hosts/desktop/configuration.nix ]')
const importing = flakeWith(`[ ./hosts/desktop/configuration.nix ${server} ]`)
const enabled = (more = '') =>
  `{ ... }:\n{\n  services.offload-server = {\n    enable = true;\n${more}  };\n}\n`

interface Configured {
  readonly flake?: string | null
  /** Of hosts/desktop/configuration.nix. */
  readonly host?: string
  readonly modules?: readonly (readonly [path: string, text: string])[]
  readonly git?: boolean
  readonly more?: MachineWish
  readonly facts?: FactsWish
}

const place = `${at}/modules/services/offload-server.nix`
const ours = [[place, moduleText['offload-server']]] as const
const keyFile = (text: string | null) => fileOf('/etc/ssh/authorized_keys.d/nix-builder', text)
const hostFile = `${at}/hosts/desktop/configuration.nix`

function planOf(
  { flake = importing, host = enabled(), modules = ours, git = false, more = {}, facts = {} }: Configured,
  choices: Choices = {},
) {
  const flakeFile = textFileOf(`${at}/flake.nix`, flake)
  const path = flake === null ? `${at}/configuration.nix` : hostFile
  const machine = nixosMachine({
    ...more,
    nixos: {
      flake: flakeFile,
      configurations: [textFileOf(path, host), textFileOf(`${at}/machines.nix`, '{ desktop = [ ]; }\n')],
      modules: modules.map(([where, text]) => textFileOf(where, text)),
      git,
      ...more.nixos,
    },
  })
  const wish: FactsWish = {
    os: { id: 'nixos', nixos: true },
    machine,
    files: [keyFile(`${goodLine}\n`)],
    ...facts,
  }
  return makePlan(factsOf(wish), repairTarget(22), choices)
}

const ids = (wish: Configured) => planOf(wish).plan.steps.map(({ id }) => id)
const diffs = (wish: Configured) =>
  planOf(wish)
    .plan.steps.flatMap(({ changes }) => changes)
    .filter(({ path }) => path !== place)
    .map(({ diff }) => diff.split('\n').filter((line) => /^[+-][^+-]/.test(line)))

/** The manual page's "what is missing". */
const missing: Pick<Configured, 'more' | 'facts'> = {
  more: {
    units: { cache: null },
    cache: { info: 0, narinfo: null },
    key: { kind: 'missing', named: false, publicKey: '', readable: null },
    nix: { trustedUsers: 'root', builderFinds: null, shellNoise: null },
    firewall: {
      open: [
        { port: 22, open: true },
        { port: 5000, open: false },
      ],
    },
  },
  facts: { user: { exists: false }, files: [] },
}
const rebuild = ['build-system', 'switch-system']
const noKey = { facts: { files: [keyFile('')] } }

type Case = readonly [about: string, wish: Configured, ...steps: string[]]
const cases: readonly Case[] = [
  ['nothing wrong', {}],
  ['nothing wrong with a configuration of somebody’s own', { flake: plainFlake, host: '{ }', modules: [] }],
  ['nothing wrong and no flake', { flake: null }],
  [
    'what is missing, no module at all',
    { ...missing, flake: plainFlake, host: '{ }\n', modules: [] },
    'place-module',
    'import-module',
    'set-module',
    ...rebuild,
  ],
  [
    'what is missing, the module there and not imported',
    { ...missing, flake: plainFlake, host: '{ }\n' },
    'import-module',
    'set-module',
    ...rebuild,
  ],
  ['imported, not enabled', { ...missing, host: '{ }\n' }, 'set-module', ...rebuild],
  [
    'imported, disabled',
    { ...missing, host: '{ services.offload-server.enable = false; }\n' },
    'set-module',
    ...rebuild,
  ],
  [
    'imported, the file missing',
    { ...missing, host: '{ }\n', modules: [] },
    'place-module',
    'set-module',
    ...rebuild,
  ],
  [
    'an older module that does not know keys',
    { ...missing, host: '{ }\n', modules: [[place, '{ options.services.offload-server = { }; }\n']] },
    'place-module',
    'set-module',
    ...rebuild,
  ],
  [
    'right files that were never switched to',
    { ...missing, host: enabled(`    authorizedKeys = [ "${key}" ];\n`) },
    ...rebuild,
  ],
  ['our key is not in the list', noKey, 'set-module', ...rebuild],
  [
    'without a flake',
    { ...missing, flake: null, host: '{ }\n', modules: [] },
    'place-module',
    'set-module',
    ...rebuild,
  ],
  [
    'a list of modules that is computed: the import goes into the host’s file',
    { ...missing, flake: flakeWith('map import ./all.nix'), host: '{ }\n' },
    'set-module',
    ...rebuild,
  ],
  [
    'a cache that is only stopped',
    { more: { units: { cache: { active: 'inactive' } }, cache: { info: 0, narinfo: 0 } } },
    'start-cache',
  ],
  ['a disk nearly full', { more: { disk: { free: 1e8, total: 1e12, dead: null } } }, 'free-disk'],
]

describe('a plan for NixOS', () => {
  it.each(cases.map(([about, wish, ...steps]) => ({ about, wish, steps })))(
    'for $about',
    ({ wish, steps }) => {
      expect(ids(wish)).toEqual(steps)
      expect(planOf(wish).plan.unmended).toEqual([])
    },
  )

  it('adds what is missing and leaves what is right', () => {
    expect(diffs({ ...missing, flake: plainFlake, host: '{ }\n', modules: [] })).toEqual([
      [
        `-      modules = [ ./hosts/desktop/configuration.nix ];`,
        `+      modules = [ ./hosts/desktop/configuration.nix ${server} ];`,
      ],
      ['-{ }', `+{ services.offload-server = { enable = true; authorizedKeys = [ "${key}" ]; }; }`],
    ])
    const wrong = enabled(
      '    cachePort = 8080;\n    builderUser = "builder";\n    cacheKeyPath = "/root/key"; # mine\n',
    )
    expect(diffs({ ...missing, host: wrong })).toEqual([
      [
        '-    cachePort = 8080;',
        '-    builderUser = "builder";',
        '+    cachePort = 5000;',
        '+    builderUser = "nix-builder";',
        `+    authorizedKeys = [ "${key}" ];`,
      ],
    ])
  })

  it('adds to the keys of others', () => {
    const theirs = enabled('    authorizedKeys = [ "ssh-ed25519 AAAAtheirs them" ];\n')
    expect(diffs({ ...noKey, host: theirs, more: { key: { publicKey: 'cache.local-1:abc' } } })).toEqual([
      [
        '-    authorizedKeys = [ "ssh-ed25519 AAAAtheirs them" ];',
        `+    authorizedKeys = [ "ssh-ed25519 AAAAtheirs them" "${key}" ];`,
      ],
    ])
  })

  it('names a signing key that is there by its own name and place', () => {
    const there = { path: '/root/old.pem', kind: 'file', publicKey: 'cache.local:abc', named: false } as const
    const more = { ...missing.more, key: there }
    expect(diffs({ ...missing, more, host: '{ }\n' })[0]?.[1]).toContain(
      'cacheKeyPath = "/root/old.pem"; keyName = "cache.local";',
    )
  })

  it('leaves a file alone that is no module of the host’s, and says where to write by hand', () => {
    const made = `{ outputs = { nixpkgs, ... }: { nixosConfigurations = builtins.mapAttrs mk (import ./machines.nix); }; }\n`
    const host = '{ ... }: { imports = map f names; }\n'
    const { plan } = planOf({ ...missing, flake: made, host, modules: [] })
    expect(plan.steps).toEqual([])
    expect(plan.unmended).toMatchObject([
      {
        cause: 'desktop.nix-edit-refused',
        params: { host: 'desktop', file: `${at}/flake.nix` },
        refusal: { why: 'own-function' },
        place: { path: `${at}/flake.nix`, line: 1 },
      },
      { cause: 'desktop.module-not-enabled', place: { path: hostFile } },
    ])
    expect(plan.unmended[0]?.snippet).toContain(server)
    expect(plan.unmended[1]?.snippet).toContain(`authorizedKeys = [ "${key}" ];`)
  })

  it('writes no settings where they are computed, and imports nothing then', () => {
    const { plan } = planOf({
      ...missing,
      flake: plainFlake,
      host: '{ services.offload-server = import ./o.nix; }\n',
    })
    expect(plan.steps).toEqual([])
    expect(plan.unmended).toMatchObject([
      { cause: 'desktop.nix-edit-refused', params: { file: hostFile }, refusal: { why: 'no-set' } },
    ])
  })

  it('edits nothing that may not be read, or that is no text', () => {
    const denied = textFileOf(`${at}/flake.nix`, null, { kind: 'denied' })
    const latin = {
      ...textFileOf(`${at}/flake.nix`, plainFlake),
      hex: `${Buffer.from('# caf').toString('hex')}e9`,
    }
    for (const flake of [denied, latin]) {
      const { plan } = planOf({ ...missing, more: { ...missing.more, nixos: { flake } } })
      expect(plan.steps).toEqual([])
      expect(plan.unmended.map(({ cause }) => cause)).toEqual(['desktop.nix-edit-refused'])
    }
  })

  it('links no Nix into folders that NixOS looks in for nobody', () => {
    const { plan } = planOf({ more: { nix: { builderFinds: false } } })
    expect(plan.steps.map(({ id }) => id)).not.toContain('find-nix')
    expect(plan.unmended.map(({ cause }) => cause)).toContain('nix.not-found')
  })

  it('keeps a repair of the key file that would stop the module’s unit', () => {
    const more = { ...missing.more, key: { kind: 'file', publicKey: '', named: true } as const }
    expect(ids({ ...missing, more, host: '{ }\n' })).toEqual(['renew-cache-key', 'set-module', ...rebuild])
  })

  it('switches to the host that nixos-rebuild would choose, else to the only one', () => {
    const commands = (hostName: string) =>
      planOf({ ...missing, more: { ...missing.more, nixos: { hostName } } })
        .plan.steps.at(-1)
        ?.commands.at(1)
    expect(commands('desktop')).toBe('nixos-rebuild test --flake /etc/nixos#desktop')
    expect(commands('nixos')).toBe('nixos-rebuild test --flake /etc/nixos#desktop')
    const none = planOf({ ...missing, flake: null, host: '{ }\n' }).plan.steps
    expect(none.at(-2)?.commands).toEqual(['nixos-rebuild build'])
  })

  it('shows the guard, that the new system is tried before it is the default, and how to go back by hand', () => {
    const step = planOf({ ...missing, host: '{ }\n' }).plan.steps.at(-1)
    expect(step?.commands[0]).toMatch(
      /^systemd-run --on-active=90 \/nix\/store\/\S+\/bin\/switch-to-configuration test$/,
    )
    expect(step?.commands.at(-1)).toBe('/run/current-system/bin/switch-to-configuration boot')
    expect(step).toMatchObject({ risk: 'high', undo: ['sudo nixos-rebuild switch --rollback'] })
  })
})

describe('edits that a repair left which was cut off', () => {
  const sum = (text: string) => createHash('sha256').update(text).digest('hex')
  const note = '/var/lib/offload-tray/aB3dE6.journal'
  const bare = '{ ... }:\n{\n}\n'
  const bareFlake = plainFlake
  const copy = (path: string) => `${path}.offload-backup-20261123T010203Z-1`
  const lines = [
    `edit\t${hostFile}\t${copy(hostFile)}\t${sum(enabled())}`,
    `edit\t${at}/flake.nix\t${copy(`${at}/flake.nix`)}\t${sum(importing)}`,
    `git\t${place}\t-\t-`,
    `file\t${place}\t-\t${sum(moduleText['offload-server'])}`,
    `folder\t${at}/modules\t-\t-`,
  ]
  const left = (now = enabled()) => ({
    note: textFileOf(note, `${lines.join('\n')}\n`),
    files: [
      textFileOf(hostFile, now),
      textFileOf(copy(hostFile), bare),
      textFileOf(`${at}/flake.nix`, importing),
      textFileOf(copy(`${at}/flake.nix`), bareFlake),
      textFileOf(place, moduleText['offload-server']),
    ],
  })
  const wish = (now?: string): Configured => ({
    ...missing,
    host: now ?? enabled(),
    more: { ...missing.more, nixos: { left: left(now) } },
  })

  it('are gone on from unless the person says otherwise: they belong to the next system, built or taken back', () => {
    const { plan, codes } = planOf(wish())
    expect(plan.steps.map(({ id }) => id)).toEqual(['settle-edits', 'set-module', ...rebuild])
    expect(plan.steps[0]).toMatchObject({ commands: [`adopt_edits ${note}`], changes: [], risk: 'none' })
    expect(plan.steps[0]?.choice).toEqual({ options: ['go-on', 'take-back'], chosen: 'go-on' })
    expect(codes.get('build-system')?.undo).toEqual([`take_back 'settle-edits' 'set-module'`])
    expect(codes.get('set-module')?.undo).toEqual([`take_back 'settle-edits'`])
  })

  it('are taken back alone, shown as a diff that undoes them, and can be put there again', () => {
    const { plan, codes } = planOf(wish(), { 'settle-edits': 'take-back' })
    expect(plan.steps.map(({ id }) => id)).toEqual(['settle-edits'])
    expect(plan.steps[0]?.commands).toEqual([`put_back_edits ${note}`])
    const diffs = plan.steps[0]?.changes.map(({ path, diff }) => [path, diff]) ?? []
    expect(diffs.map(([path]) => path)).toEqual([hostFile, `${at}/flake.nix`, place])
    expect(diffs[0]?.[1]).toContain('-    enable = true;')
    expect(diffs[1]?.[1]).toContain(`+      modules = [ ./hosts/desktop/configuration.nix ];`)
    const again = codes.get('settle-edits')?.takeBack ?? []
    expect(again.map((line) => line.split(' ', 2).join(' '))).toEqual([
      `edit_nix '${hostFile}'`,
      `edit_nix '${at}/flake.nix'`,
      `place_module '${place}'`,
    ])
    expect(again[0]).toContain(sum(bare))
  })

  it('are somebody’s own once they worked on them, and a note elsewhere is none of ours', () => {
    expect(ids(wish(enabled('    openFirewall = true;\n')))).toEqual(['set-module', ...rebuild])
    const elsewhere = { ...left(), note: textFileOf('/tmp/aB3dE6.journal', lines.join('\n')) }
    const more = { ...missing.more, nixos: { left: elsewhere } }
    expect(ids({ ...wish(), more })).toEqual(['set-module', ...rebuild])
  })
})
