// Where the import goes: into the flake, else into the configuration, and never twice.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nixosEdits } from '../../../../../src/core/repair/nixos/edits.ts'
import { moduleText } from '../../../../../src/core/repair/nixos/module-text.ts'
import { shapesOf } from './shapes.ts'

const flakes = shapesOf('flakes')
const configurations = shapesOf('configurations')
const module = '/etc/nixos/modules/services/offload-server.nix'

function edits(flake: string | null, configuration: string, path = '/etc/nixos/configuration.nix') {
  return nixosEdits(
    {
      flake: flake === null ? null : { path: '/etc/nixos/flake.nix', text: flakes.get(flake) ?? '' },
      configuration: { path, text: configurations.get(configuration) ?? '' },
      host: 'desktop',
      module,
    },
    { enable: true },
  )
}

const diff = (edit: ReturnType<typeof edits>['flake']) => (edit?.kind === 'edited' ? edit.diff : edit)

describe('the edits of a NixOS machine', () => {
  it('import in the flake, and set in the configuration', () => {
    const { flake, configuration } = edits('plain', 'beside-services', '/etc/nixos/hosts/desktop/default.nix')
    expect(diff(flake)).toContain('+        ./modules/services/offload-server.nix\n')
    expect(diff(flake)).toContain('+++ /etc/nixos/flake.nix\n')
    expect(diff(configuration)).toContain('+  services.offload-server = {\n')
    expect(diff(configuration)).not.toContain('modules/services')
  })

  it('import in the configuration where there is no flake, or one that cannot be edited', () => {
    for (const flake of [null, 'own-function', 'generated-hosts', 'broken']) {
      const edit = edits(flake, 'beside-services', '/etc/nixos/hosts/desktop/default.nix')
      expect(edit.flake).toBeNull()
      expect(diff(edit.configuration)).toContain('../../modules/services/offload-server.nix ];')
    }
  })

  it('import nothing twice', () => {
    expect(edits('plain', 'disabled-dotted').flake).toBeNull()
    expect(edits('already', 'services-set').flake).toEqual({ kind: 'already' })
    expect(diff(edits('already', 'services-set').configuration)).not.toContain('modules/services')
    expect(edits('plain', 'enabled')).toEqual({ flake: null, configuration: { kind: 'already' } })
  })

  it('say of both files why, where neither can be edited', () => {
    const { flake, configuration } = edits('own-function', 'computed-imports')
    expect(flake).toMatchObject({ kind: 'refused', why: 'own-function', where: { line: 6 } })
    // The settings can still be made; only the import is left to the person.
    expect(configuration.kind).toBe('edited')
  })

  it('bring the modules as they stand in nix/modules', () => {
    for (const name of ['offload-server', 'offload-client'] as const)
      expect(moduleText[name]).toBe(
        readFileSync(new URL(`../../../../../nix/modules/${name}.nix`, import.meta.url), 'utf8'),
      )
  })
})
