// A rule of the house that no linter knows: a file begins by saying what it is for.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')
const written = /\.(?:ts|tsx|css|sh|cjs|mjs)$/
const firstLine = /^(?:#![^\n]*\n)?(?:\/\/|\/\*|#) \S/

it.each(['src', 'test', 'scripts', 'bench'])('every file of %s begins with a comment', (folder) => {
  const files = readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((name) => written.test(name))
  expect(files.length).toBeGreaterThan(10)
  expect(files.filter((name) => !firstLine.test(readFileSync(join(root, name), 'utf8')))).toEqual([])
})
