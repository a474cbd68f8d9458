// A directory of its own for a test, with the files it names; removed after the test.
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Writes `files` (path -> text) into a new directory and gives its real path. */
export async function tree(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'offload-laptop-')))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), text.replaceAll('ROOT', root))
  }
  return root
}

/** Makes the file at `path` a program. */
export async function executable(path: string): Promise<void> {
  await chmod(path, 0o755)
}
