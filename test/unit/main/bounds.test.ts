// The window's size, kept between starts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstSize, readSize, writeSize } from '../../../src/main/bounds.ts'

describe('the window’s size', () => {
  it('is kept, and a file that makes no sense gives the first size', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'offload-tray-bounds-'))
    const file = join(folder, 'deep', 'window.json')
    expect(await readSize(file)).toEqual(firstSize)
    await writeSize(file, { width: 900, height: 700 })
    expect(await readSize(file)).toEqual({ width: 900, height: 700 })
    for (const broken of ['', '{', 'null', '{"width":1,"height":1}', '{"width":900,"height":1e9}', '[]']) {
      writeFileSync(file, broken)
      expect(await readSize(file), broken).toEqual(firstSize)
    }
    rmSync(folder, { recursive: true })
  })
})
