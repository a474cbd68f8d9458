// The folder of the app's profile: where it is made when the wanted place cannot be had.
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { profileFolder } from '../../../src/main/profile.ts'

let root: string
let said: string[]
const say = (line: string) => said.push(line)

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'profile-'))
  said = []
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('the profile folder', () => {
  it('is made where it is wanted, for the owner only', () => {
    const wanted = join(root, 'state/electron')
    expect(profileFolder(wanted, {}, say)).toBe(wanted)
    expect(statSync(wanted).mode & 0o777).toBe(0o700)
    expect(said).toEqual([])
  })

  it("is the session's where the wanted one cannot be made, the same for each start, and that is said", () => {
    writeFileSync(join(root, 'state'), 'a file in the way')
    mkdirSync(join(root, 'run'))
    const wanted = join(root, 'state/electron')
    const env = { XDG_RUNTIME_DIR: join(root, 'run') }
    expect(profileFolder(wanted, env, say)).toBe(join(root, 'run/offload-tray/electron'))
    expect(profileFolder(wanted, env, say)).toBe(join(root, 'run/offload-tray/electron'))
    expect(said[0]).toContain(`${wanted} cannot be written (ENOTDIR)`)
  })

  it('is a fresh one where not even the session has a place', () => {
    writeFileSync(join(root, 'state'), 'a file in the way')
    const folder = profileFolder(join(root, 'state/electron'), {}, say)
    expect(statSync(folder).isDirectory()).toBe(true)
    rmSync(folder, { recursive: true })
  })
})
