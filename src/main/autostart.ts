// Starts the app with the session: an XDG autostart entry, because Electron's own login items do nothing on Linux.
// Exec is the bare command: an absolute path would be a store path that the next upgrade removes (NixOS).
import { constants } from 'node:fs'
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { delimiter, dirname, isAbsolute, join } from 'node:path'
import { homeOf } from '../core/config/home.ts'
import type { StartAtLogin } from './tray-view.ts'

const command = 'offload-tray'

const entry = `[Desktop Entry]
Type=Application
Name=Offload Tray
Comment=Shows whether your Nix builds run on the desktop
Comment[pt_BR]=Mostra se os seus builds do Nix rodam no desktop
Exec=${command} --hidden
Icon=${command}
Terminal=false
X-GNOME-Autostart-enabled=true
`

/** The user's autostart entry; a relative XDG_CONFIG_HOME counts as unset (XDG basedir spec). */
export function autostartFile(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env['XDG_CONFIG_HOME']
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(homeOf(env), '.config')
  return join(base, 'autostart', `${command}.desktop`)
}

/** on or off; unavailable where the command is not on PATH, so that a session could not start it. */
export async function startAtLogin(env: NodeJS.ProcessEnv = process.env): Promise<StartAtLogin> {
  const text = await readFile(autostartFile(env), 'utf8').catch(() => undefined)
  if (text !== undefined && isEnabled(text)) return 'on'
  return (await isOnPath(env)) ? 'off' : 'unavailable'
}

/** Writes the entry (in one step) or removes it. Throws where the folder cannot be written. */
export async function setStartAtLogin(on: boolean, env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const file = autostartFile(env)
  if (!on) return rm(file, { force: true })
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.new`
  await writeFile(temporary, entry)
  await rename(temporary, file)
}

/** An entry is off where a desktop's own settings have hidden it (autostart spec; GNOME's key). */
function isEnabled(text: string): boolean {
  return !/^Hidden\s*=\s*true\s*$/im.test(text) && !/^X-GNOME-Autostart-enabled\s*=\s*false\s*$/im.test(text)
}

async function isOnPath(env: NodeJS.ProcessEnv): Promise<boolean> {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  const found = await Promise.all(
    folders.map((folder) =>
      access(join(folder, command), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  )
  return found.includes(true)
}
