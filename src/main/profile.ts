// Chromium's profile folder. Where it cannot be written, Electron takes this for a second start and ends without a word.
import { accessSync, constants, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** A folder that was made and may be written: the wanted one, else one that ends with the session, which is said. */
export function profileFolder(
  wanted: string,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void = console.error,
): string {
  const trouble = makeWritable(wanted)
  if (trouble === null) return wanted
  const session = join(env['XDG_RUNTIME_DIR'] ?? '/nonexistent', 'offload-tray', basename(wanted))
  const instead = makeWritable(session) === null ? session : mkdtempSync(join(tmpdir(), 'offload-tray-'))
  say(
    `offload-tray: ${wanted} cannot be written (${trouble}); nothing is kept beyond this session: ${instead}`,
  )
  return instead
}

/** null, or why not. */
function makeWritable(folder: string): string | null {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK)
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}
