// Every shape of flake.nix and configuration.nix: the right edit or an honest refusal, never a broken file.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { editConfiguration } from '../../../../../src/core/repair/nixos/configuration.ts'
import { editFlake } from '../../../../../src/core/repair/nixos/flake.ts'
import type { NixEdit } from '../../../../../src/shared/nix-edit.ts'
import { canRun } from '../../../../needs.ts'
import { hasNix, parseErrors } from '../../../nix/nix-instantiate.ts'
import { configurations, type Expected, flakes, key, modulePath, shapesOf } from './shapes.ts'

const hasPatch = canRun('patch')

const settings = { enable: true, cachePort: 5000, authorizedKeys: [key] }
const suites = [
  {
    folder: 'flakes',
    file: 'flake.nix',
    expected: flakes,
    edit: (text: string) => editFlake(text, { host: 'desktop', modulePath }),
  },
  {
    folder: 'configurations',
    file: 'configuration.nix',
    expected: configurations,
    edit: (text: string) => editConfiguration(text, { settings, importPath: modulePath }),
  },
] as const

describe.each(suites)('$file', ({ folder, file, expected, edit }) => {
  const shapes = shapesOf(folder)

  it('has an expectation for every shape, and a shape for every expectation', () => {
    expect(Object.keys(expected).sort()).toEqual([...shapes.keys()].sort())
  })

  it.each([...shapes])('%s', (name, text) => {
    const result = edit(text)
    expect(outcome(result)).toEqual(normal(expected[name]))
  })

  const edited = [...shapes].flatMap(([name, text]) => {
    const result = edit(text)
    return result.kind === 'edited' ? [{ name, text, result }] : []
  })

  it.each(edited)('$name: a second edit changes nothing', ({ result }) => {
    expect(edit(result.text)).toEqual({ kind: 'already' })
  })

  it.runIf(hasPatch).each(edited)(
    '$name: the diff, applied by patch, gives the edited file byte for byte',
    ({ text, result }) => {
      expect(patched(file, text, result.diff)).toBe(result.text)
    },
  )

  it.each(edited)('$name: keeps the line endings and the end of the file', ({ text, result }) => {
    const endings = (source: string) => new Set(source.match(/\r?\n/g))
    expect(endings(result.text).size).toBeLessThanOrEqual(Math.max(1, endings(text).size))
    expect(result.text.endsWith('\n')).toBe(text.endsWith('\n'))
  })

  it.runIf(hasNix)('is read by Nix after every edit', () => {
    const texts = Object.fromEntries(edited.map(({ name, result }) => [name, result.text]))
    expect(edited.length).toBeGreaterThan(10)
    expect(parseErrors(texts)).toBe('')
  })
})

function outcome(result: NixEdit): unknown {
  if (result.kind === 'already') return 'already'
  if (result.kind === 'refused') return { refused: result.why, line: result.where?.line }
  const lines = result.diff.split('\n').slice(2)
  const of = (sign: string) =>
    lines.filter((line) => line.startsWith(sign)).map((line) => line.slice(1).trim())
  return { out: of('-'), in: of('+') }
}

const normal = (expected: Expected | undefined): unknown =>
  typeof expected === 'object' && 'in' in expected ? { out: [], ...expected } : expected

function patched(file: string, text: string, diff: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'offload-patch-'))
  try {
    writeFileSync(join(folder, file), text)
    const ran = spawnSync('patch', ['--binary', '-p0', '-s', file], {
      cwd: folder,
      input: diff,
      encoding: 'utf8',
    })
    expect(ran.stdout + ran.stderr).toBe('')
    return readFileSync(join(folder, file), 'utf8')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
