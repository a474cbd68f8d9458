// Start at login: the desktop entry in the user's autostart folder.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { autostartFile, setStartAtLogin, startAtLogin } from '../../../src/main/autostart.ts'

let home = ''
let env: NodeJS.ProcessEnv = {}

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'offload-tray-autostart-'))
  mkdirSync(join(home, 'bin'))
  writeFileSync(join(home, 'bin', 'offload-tray'), '#!/bin/sh\n')
  chmodSync(join(home, 'bin', 'offload-tray'), 0o755)
  env = { HOME: home, PATH: join(home, 'bin') }
})
afterEach(() => rmSync(home, { recursive: true }))

describe('start at login', () => {
  it('is written and removed', async () => {
    expect(await startAtLogin(env)).toBe('off')
    await setStartAtLogin(true, env)
    expect(await startAtLogin(env)).toBe('on')
    await setStartAtLogin(false, env)
    expect(await startAtLogin(env)).toBe('off')
    expect(existsSync(autostartFile(env))).toBe(false)
  })

  it('names the bare command, because a store path would be gone after an upgrade', async () => {
    await setStartAtLogin(true, env)
    expect(readFileSync(autostartFile(env), 'utf8')).toMatch(/^Exec=offload-tray --hidden$/m)
  })

  it('cannot be had where the command is not on PATH', async () => {
    expect(await startAtLogin({ ...env, PATH: '/nowhere' })).toBe('unavailable')
  })

  it.each(['Hidden=true', 'X-GNOME-Autostart-enabled=false'])(
    'is off where a desktop wrote %s',
    async (line) => {
      mkdirSync(dirname(autostartFile(env)), { recursive: true })
      writeFileSync(autostartFile(env), `[Desktop Entry]\nExec=offload-tray --hidden\n${line}\n`)
      expect(await startAtLogin(env)).toBe('off')
    },
  )

  it('follows XDG_CONFIG_HOME, but not a relative one', () => {
    expect(autostartFile({ ...env, XDG_CONFIG_HOME: '/x' })).toBe('/x/autostart/offload-tray.desktop')
    expect(autostartFile({ ...env, XDG_CONFIG_HOME: 'x' })).toBe(
      join(home, '.config/autostart/offload-tray.desktop'),
    )
  })
})
