// The flake and the package as far as plain Nix can take them: outputs, addresses, the user unit. nixpkgs is a stand-in.
import { readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseNix } from '../../../src/core/repair/nixos/parse.ts'
import { evaluate, hasNix, parseFiles } from './nix-instantiate.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const files = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.nix'))
    .map((file) => join(root, folder, file))
const ours = [join(root, 'flake.nix'), ...files('nix'), ...files('test/unit/nix')]

/** Where this Node and its npm are installed: the package reads the registry's address from there. */
const nodePrefix = dirname(dirname(realpathSync(process.execPath)))

/** The flake's outputs over a nixpkgs of stand-ins: functions that give back what they were given. */
const outputs = `
  let
    standIn = import ${here}stand-in/lib.nix;
    lib = standIn // {
      inherit (builtins) listToAttrs;
      importJSON = path: builtins.fromJSON (builtins.readFile path);
      last = list: builtins.elemAt list (builtins.length list - 1);
      getExe = package: "\${package}/bin/main";
      makeBinPath = builtins.concatStringsSep ":";
      literalMD = text: text;
      types = standIn.types // { package = standIn.types.str; };
      licenses.mit = "MIT";
      fileset = { unions = list: list; toSource = { root, fileset }: map toString fileset; };
    };
    packages = {
      inherit lib;
      electron = { outPath = "/pkgs/electron"; dist = "/pkgs/electron-dist"; version = "45.0.0"; };
      importNpmLock = { __functor = _: given: given; npmConfigHook = "hook"; };
      buildNpmPackage = given: given // { outPath = "/pkgs/\${given.pname}"; };
      libnotify = "/pkgs/libnotify"; makeWrapper = "/pkgs/makeWrapper";
      nodejs = "${nodePrefix}"; openssh = "/pkgs/openssh";
      mkShell = given: given;
      testers.runNixOSTest = test: builtins.isFunction test;
      callPackage = path: more:
        let f = import path; in f (builtins.intersectAttrs (builtins.functionArgs f) (packages // more) // more);
    };
    nixpkgs = { inherit lib; legacyPackages = { x86_64-linux = packages; aarch64-linux = packages; }; };
    flake = import ${root}flake.nix;
    self = flake.outputs { inherit self nixpkgs; };
  in `

interface Locked {
  readonly version: string
  readonly integrity?: string
  readonly resolved?: string
}

describe.runIf(hasNix)('the flake', () => {
  it('parses, with every Nix file of ours', () => {
    expect(ours.length).toBeGreaterThan(8)
    expect(parseFiles(ours)).toBe('')
  })

  it('has its outputs for both systems', () => {
    const systems = ['aarch64-linux', 'x86_64-linux']
    const read = evaluate(
      `${outputs} builtins.mapAttrs (_: builtins.attrNames) (removeAttrs self [ "overlays" ]) // { apps = builtins.mapAttrs (_: one: builtins.mapAttrs (_: app: app.program) one) self.apps; checks = self.checks.x86_64-linux.offload; }`,
    )
    expect(read).toMatchObject({
      packages: systems,
      devShells: systems,
      nixosModules: ['default', 'offload-client', 'offload-server'],
      homeManagerModules: ['default', 'offload-tray'],
      apps: { 'x86_64-linux': { default: '/pkgs/offload-tray/bin/offload-tray' } },
      checks: true,
    })
  })

  it('has an app for each command of the package, and no other', () => {
    const apps = evaluate(`${outputs} builtins.attrNames self.apps.x86_64-linux`) as string[]
    const bins = Object.keys(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).bin)
    expect(apps.filter((name) => name !== 'default').sort()).toEqual(bins.sort())
  })

  it('gives every locked package the address its name and version make, and keeps its hash', () => {
    const packages = evaluate(
      `${outputs} self.packages.x86_64-linux.default.npmDeps.packageLock.packages`,
    ) as Record<string, Locked>
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages as Record<
      string,
      Locked
    >
    expect(Object.keys(packages)).toEqual(Object.keys(lock).sort())
    const fetched = Object.entries(packages).filter(([path]) => path !== '')
    expect(fetched.length).toBeGreaterThan(100)
    for (const [path, { integrity, resolved, version }] of fetched) {
      expect(integrity, path).toBe(lock[path]?.integrity)
      expect(resolved, path).toMatch(/^https:\/\/[^/]+\/(@[^/]+\/)?[^/@]+\/-\/[^/@]+\.tgz$/)
      expect(resolved?.endsWith(`-${version}.tgz`), path).toBe(true)
    }
    const address = (path: string) => new URL(packages[path]?.resolved ?? '').pathname
    expect(address('node_modules/react')).toMatch(/^\/react\/-\/react-\d+\.\d+\.\d+\.tgz$/)
    expect(address('node_modules/@types/node')).toMatch(/^\/@types\/node\/-\/node-\d+/)
  })

  it('follows aliases, leaves links and addresses alone, and stops at a package without a hash', () => {
    const addressed = (entry: string) =>
      evaluate(
        `${outputs} (import ${root}nix/lock-with-addresses.nix { inherit lib; registry = "https://r"; } { packages = { "" = { }; ${entry} }; }).packages`,
      )
    expect(
      addressed(
        '"node_modules/a/node_modules/@s/b" = { version = "1.0.0"; integrity = "x"; name = "@t/c"; };',
      ),
    ).toEqual({
      '': {},
      'node_modules/a/node_modules/@s/b': {
        version: '1.0.0',
        integrity: 'x',
        name: '@t/c',
        resolved: 'https://r/@t/c/-/c-1.0.0.tgz',
      },
    })
    expect(addressed('"node_modules/l" = { link = true; };')).toEqual({
      '': {},
      'node_modules/l': { link: true },
    })
    expect(() => addressed('"node_modules/d" = { version = "1.0.0"; };')).toThrow(
      /no hash for node_modules\/d/,
    )
  })

  it('packs what the build reads, and wraps every command but the tray on Node', () => {
    const read = evaluate(
      `${outputs} { inherit (self.packages.x86_64-linux.default) src installPhase postBuild version; }`,
    ) as { src: string[]; installPhase: string; postBuild: string; version: string }
    expect(read.src).toContain(join(root, 'src'))
    expect(read.installPhase).toContain('for tool in offload-repair offload-status offload-test-build; do')
    expect(read.postBuild).toContain('-c.electronVersion=45.0.0')
  })

  it('starts the tray after the session and its panel', () => {
    const unit = evaluate(`${outputs}
      let evaluated = standIn.evalModules {
        pkgs = packages;
        modules = [
          ({ lib, ... }@args: self.homeManagerModules.default (args // { lib = nixpkgs.lib; }))
          { options = with standIn; {
              home.packages = mkOption { type = types.listOf types.str; };
              systemd.user.services = mkOption { type = types.attrsOf types.anything; };
          }; }
          { services.offload-tray = { enable = true; package = "/pkgs/offload-tray"; }; }
        ];
      }; in { inherit (evaluated.config) home systemd; }`) as {
      home: { packages: string[] }
      systemd: { user: { services: { 'offload-tray': Record<string, Record<string, unknown>> } } }
    }
    expect(read(unit)).toEqual({
      packages: ['/pkgs/offload-tray'],
      after: ['graphical-session.target', 'tray.target'],
      start: '/pkgs/offload-tray/bin/offload-tray --hidden',
    })
  })
})

const read = (unit: {
  home: { packages: string[] }
  systemd: { user: { services: { 'offload-tray': Record<string, Record<string, unknown>> } } }
}) => {
  const service = unit.systemd.user.services['offload-tray']
  return {
    packages: unit.home.packages,
    after: service['Unit']?.['After'],
    start: service['Service']?.['ExecStart'],
  }
}

describe('our own reader of Nix', () => {
  it('reads every Nix file of ours', () => {
    for (const file of ours) expect(() => parseNix(readFileSync(file, 'utf8')), file).not.toThrow()
  })
})
