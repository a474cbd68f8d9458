// The window's size, kept between starts. Only the size: where a window stands is the desktop's business.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import * as v from 'valibot'

const side = (from: number, to: number) => v.pipe(v.number(), v.integer(), v.minValue(from), v.maxValue(to))
const sizeSchema = v.object({ width: side(360, 10_000), height: side(300, 10_000) })

/** In device-independent px. */
export type Size = v.InferOutput<typeof sizeSchema>

export const firstSize: Size = { width: 720, height: 640 }

/** The kept size; the first one where none is kept or the file makes no sense. */
export async function readSize(file: string): Promise<Size> {
  try {
    return v.parse(sizeSchema, JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return firstSize
  }
}

/** Keeps a size. Throws where the folder cannot be written. */
export async function writeSize(file: string, size: Size): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, `${JSON.stringify({ width: size.width, height: size.height })}\n`)
}
