// Where files go, whatever the environment says of HOME and the XDG folders.
import { userInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { homeOf } from '../../../../src/core/config/home.ts'
import { appPaths } from '../../../../src/core/config/paths.ts'

describe('the home', () => {
  it('is HOME', () => {
    expect(homeOf({ HOME: '/home/alice' })).toBe('/home/alice')
  })

  it.each([{}, { HOME: '' }, { HOME: 'alice' }])(
    "is the user database's where HOME is no path: %o",
    (env) => {
      expect(homeOf(env)).toBe(userInfo().homedir)
    },
  )
})

describe('the paths', () => {
  it('follow the XDG folders, of which a relative one does not count', () => {
    const env = { HOME: '/home/a', XDG_STATE_HOME: '/state', XDG_CONFIG_HOME: 'here' }
    expect(appPaths(env)).toMatchObject({
      config: '/home/a/.config/offload-tray/config.toml',
      state: '/state/offload-tray',
      knownHosts: '/state/offload-tray/known_hosts',
    })
  })

  it('never lie in the folder the program was started from', () => {
    for (const path of Object.values(appPaths({ HOME: '' }))) expect(path).toMatch(/^\//)
  })
})
