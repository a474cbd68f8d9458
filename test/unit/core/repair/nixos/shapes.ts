// The shapes of flake.nix and configuration.nix that people write, one a file beside this, and what is to become of each.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { NixRefusal } from '../../../../../src/shared/nix-edit.ts'

/** Lines taken out and put in, in the diff's order, blanks at both ends left out; or why it is left alone. */
export type Expected =
  | { readonly out?: readonly string[]; readonly in: readonly string[] }
  | 'already'
  | { readonly refused: NixRefusal; readonly line: number }

export const modulePath = './modules/services/offload-server.nix'
export const key = 'ssh-ed25519 AAAAC3NzaLaptop root@laptop'

const folder = (name: string) => fileURLToPath(new URL(`${name}/`, import.meta.url))

/** The files of a folder by name, without .nix. */
export function shapesOf(name: 'flakes' | 'configurations'): ReadonlyMap<string, string> {
  const files = readdirSync(folder(name)).filter((file) => file.endsWith('.nix'))
  return new Map(files.map((file) => [file.slice(0, -4), readFileSync(folder(name) + file, 'utf8')]))
}

const beside = (list: string) => ({ out: [`${list} ];`], in: [`${list} ${modulePath} ];`] })
const added = { in: [modulePath] }

export const flakes: Readonly<Record<string, Expected>> = {
  plain: added,
  'one-line-list': beside('modules = [ ./configuration.nix'),
  'one-liner': {
    out: [
      '{ outputs = { nixpkgs, ... }: { nixosConfigurations.desktop = nixpkgs.lib.nixosSystem { modules = [./configuration.nix]; }; }; }',
    ],
    in: [
      `{ outputs = { nixpkgs, ... }: { nixosConfigurations.desktop = nixpkgs.lib.nixosSystem { modules = [./configuration.nix ${modulePath}]; }; }; }`,
    ],
  },
  comments: added,
  'several-hosts': beside('modules = [ ./desktop.nix'),
  'lib-inherit-system': added,
  tabs: added,
  'four-spaces-crlf': added,
  'bracket-beside': { out: ['./configuration.nix ];'], in: ['./configuration.nix', `${modulePath} ];`] },
  'joined-lists': added,
  'flake-parts': added,
  'flake-utils': { out: ['modules = [ ];'], in: [`modules = [ ${modulePath} ];`] },
  'already-on-the-other': beside('modules = [ ./desktop.nix'),
  already: 'already',
  'already-elsewhere': 'already',
  'already-by-input': 'already',
  'computed-list': { refused: 'no-list', line: 4 },
  'inherited-list': { refused: 'no-list', line: 3 },
  'own-function': { refused: 'own-function', line: 6 },
  'generated-hosts': { refused: 'own-function', line: 3 },
  'with-lib': { refused: 'own-function', line: 3 },
  twice: { refused: 'several', line: 4 },
  'other-host': { refused: 'host-not-found', line: 3 },
  broken: { refused: 'unreadable', line: 4 },
}

const settings = ['enable = true;', 'cachePort = 5000;', `authorizedKeys = [ "${key}" ];`]
const flat = settings.join(' ')
const block = ['services.offload-server = {', ...settings, '};']
const hardware = beside('imports = [ ./hardware-configuration.nix')

export const configurations: Readonly<Record<string, Expected>> = {
  fresh: { in: [modulePath, '', ...block] },
  // diff pairs the first closing brace with the new one
  'beside-services': {
    out: hardware.out,
    in: [...hardware.in, '};', '', ...block.slice(0, -1)],
  },
  'services-set': { out: hardware.out, in: [...hardware.in, '', 'offload-server = {', ...settings, '};'] },
  enabled: 'already',
  'enabled-dotted': 'already',
  disabled: {
    out: ['enable = false; # until the new disk is in', 'authorizedKeys = [ ];'],
    in: ['enable = true; # until the new disk is in', `authorizedKeys = [ "${key}" ];`],
  },
  'disabled-dotted': {
    out: ['services.offload-server.enable = false;'],
    in: settings.map((line) => `services.offload-server.${line}`),
  },
  'other-port': {
    out: ['cachePort = lib.mkDefault 8080;'],
    in: ['cachePort = lib.mkDefault 5000;', `"${key}"`],
  },
  'dotted-in-services': { in: settings.slice(1).map((line) => `offload-server.${line}`) },
  'one-liner': {
    out: ['{ imports = [ ./hardware-configuration.nix ]; services.openssh.enable = true; }'],
    in: [
      `{ imports = [ ./hardware-configuration.nix ${modulePath} ]; services.openssh.enable = true; services.offload-server = { ${flat} }; }`,
    ],
  },
  'one-line-block': {
    out: ['services.offload-server = { enable = false; };'],
    in: [`services.offload-server = { ${flat} };`],
  },
  'empty-block': { out: ['services.offload-server = { };'], in: [`services.offload-server = { ${flat} };`] },
  'no-imports': { in: [`imports = [ ${modulePath} ];`, '', '', ...block] },
  empty: {
    out: ['{ }'],
    in: [`{ imports = [ ${modulePath} ]; services.offload-server = { ${flat} }; }`],
  },
  'empty-with-comment': { in: [`imports = [ ${modulePath} ];`, '', ...block, ''] },
  merge: { out: hardware.out, in: [...hardware.in, '', ...block] },
  'merge-set': {
    out: ['{ services.offload-server = { enable = false; }; }'],
    in: [`{ services.offload-server = { ${flat} }; }`],
  },
  'module-with-options': { out: hardware.out, in: [...hardware.in, '', ...block, ''] },
  'dotted-config': {
    out: ['config.services.offload-server.enable = false;'],
    in: settings.map((line) => `config.services.offload-server.${line}`),
  },
  'joined-imports': {
    in: [modulePath, ...settings.slice(1).map((line) => `services.offload-server.${line}`)],
  },
  strings: { out: hardware.out, in: [...hardware.in, '', ...block] },
  conditional: { refused: 'conditional', line: 6 },
  'conditional-value': { refused: 'conditional', line: 4 },
  'all-conditional': { refused: 'no-set', line: 2 },
  'forced-off': { refused: 'not-plain', line: 4 },
  computed: { refused: 'not-plain', line: 5 },
  inherited: { refused: 'not-plain', line: 5 },
  'services-elsewhere': { refused: 'no-set', line: 4 },
  'key-list-elsewhere': { refused: 'not-plain', line: 7 },
  'computed-imports': { refused: 'no-list', line: 3 },
  'not-a-module': { refused: 'no-set', line: 1 },
  'a-flake': { refused: 'no-set', line: 1 },
  'joined-sets': { refused: 'no-set', line: 2 },
  twice: { refused: 'several', line: 6 },
  broken: { refused: 'unreadable', line: 3 },
}
