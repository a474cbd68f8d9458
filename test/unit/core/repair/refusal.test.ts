// Why root cannot be had, from sudo's and doas' own words.
import { describe, expect, it } from 'vitest'
import { refusal } from '../../../../src/core/repair/admin-session.ts'
import { rightsOf } from '../../../../src/core/repair/rights.ts'

const params = { host: 'desktop', port: 22, user: 'admin' }

describe('a refusal of root', () => {
  it.each([
    ['doas: Authentication required', 'desktop.doas-needs-terminal'], // opendoas 6.8 with -n, as PAM builds say it
    ['doas: Authorization required', 'desktop.doas-needs-terminal'],
    ['doas: a tty is required', 'desktop.doas-needs-terminal'],
    ['doas: Operation not permitted', 'desktop.sudo-denied'],
    ['doas: doas is not enabled, /etc/doas.conf: No such file or directory', 'desktop.sudo-denied'],
    ['sudo: sorry, you must have a tty to run sudo', 'desktop.sudo-needs-terminal'],
    ['Sorry, user admin may not run sudo on desktop.', 'desktop.sudo-denied'],
    [
      'Sorry, user admin may not run sudo on desktop. doas: Authentication required',
      'desktop.doas-needs-terminal',
    ],
    ['', 'desktop.sudo-denied'],
  ])('"%s" is %s', (said, cause) => {
    expect(refusal(said, false, params).cause).toBe(cause)
  })

  it('is read whole where sudo is not there at all', () => {
    expect(rightsOf('@offload-rights none  doas: Authentication required\n')).toEqual({
      kind: 'none',
      said: 'doas: Authentication required',
    })
  })

  it('by a doas that was never set up does not hide that sudo asks for a password', () => {
    const said =
      'sudo: a password is required doas: doas is not enabled, /etc/doas.conf: No such file or directory'
    expect(rightsOf(`@offload-rights none ${said}\n`)?.kind).toBe('needs-password')
  })
})
