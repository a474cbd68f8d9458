// The cause of an SSH connection's end, by how far it came and what was said. Real servers are asked in prove.test.ts.
import { describe, expect, it } from 'vitest'
import {
  problemOfEnd,
  problemOfSilence,
  type SshEnd,
  type SshPhase,
} from '../../../../src/core/desktop/ssh-problem.ts'

const params = { host: 'desktop', port: 22 }
const end = (phase: SshPhase, error: SshEnd['error'], said = ''): SshEnd => ({
  phase,
  said: Buffer.from(said),
  verdict: null,
  error,
  params,
})
const words = (message: string, level?: string) =>
  Object.assign(new Error(message), level === undefined ? {} : { level })

describe('an end', () => {
  it.each<readonly [SshPhase, SshEnd['error'], string, string]>([
    ['banner', null, '', 'ssh.throttled'],
    ['banner', words('read ECONNRESET'), '', 'ssh.throttled'],
    ['banner', null, 'Exceeded MaxStartups\r\n', 'ssh.throttled'],
    ['banner', null, 'Not allowed at this time\r\n', 'ssh.throttled'],
    ['banner', null, 'HTTP/1.1 400 Bad Request\r\n', 'ssh.not-ssh'],
    [
      'handshake',
      words('Handshake failed: no matching key exchange algorithm'),
      '',
      'ssh.no-common-algorithm',
    ],
    ['handshake', null, '', 'ssh.protocol-error'],
    [
      'auth',
      words('All configured authentication methods failed', 'client-authentication'),
      '',
      'ssh.key-refused',
    ],
    ['auth', words('Received disconnect: Too many authentication failures'), '', 'ssh.key-refused'],
    ['handshake', words('Too many authentication failures'), '', 'ssh.protocol-error'],
    ['auth', null, '', 'ssh.protocol-error'],
  ])('in the %s by %s after "%s" is %s', (phase, error, said, cause) => {
    expect(problemOfEnd(end(phase, error, said))).toMatchObject({ cause, params: { host: 'desktop' } })
  })
})

describe('a silence', () => {
  it.each<readonly [SshPhase, string, string]>([
    ['banner', '', 'ssh.banner-timeout'],
    ['banner', '220 mail ready\r\n', 'ssh.not-ssh'],
    ['handshake', '', 'ssh.protocol-error'],
    ['auth', '', 'ssh.protocol-error'],
  ])('in the %s after "%s" is %s', (phase, said, cause) => {
    expect(problemOfSilence(end(phase, null, said), 5000).cause).toBe(cause)
  })
})
