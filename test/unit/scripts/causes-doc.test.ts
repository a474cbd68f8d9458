// docs/causes.md says what the catalogue says.
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { causesDocument } from '../../../scripts/causes-doc.ts'
import { causeCodes } from '../../../src/shared/causes.ts'

describe('docs/causes.md', () => {
  it('has a section for every code', () => {
    const document = causesDocument()
    expect(causeCodes.filter((code) => !document.includes(`### \`${code}\`\n`))).toEqual([])
  })

  it('is not stale', async () => {
    const found = await readFile(new URL('../../../docs/causes.md', import.meta.url), 'utf8')
    expect(found, 'run `npm run docs` and commit docs/causes.md').toBe(causesDocument())
  })
})
