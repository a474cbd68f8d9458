// The log: what never gets into it, and how it stays small.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLog } from '../../../src/main/log.ts'
import { redact } from '../../../src/main/redact.ts'

// Made up for the test.
const secretKey = `cache-1:${'A'.repeat(86)}==`
const publicKey = `cache-1:${'A'.repeat(43)}=`

describe('the log', () => {
  it.each([
    ['-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz\n-----END OPENSSH PRIVATE KEY-----', 'b3BlbnNz'],
    ['-----BEGIN RSA PRIVATE KEY-----\ncut off', 'cut off'],
    ['http://user:hunter2@desktop:5000/x', 'hunter2'],
    ['password=hunter2', 'hunter2'],
    [`{ password: 'hunter 2' }`, 'hunter 2'],
    [`{"passphrase":"hunter2"}`, 'hunter2'],
    [secretKey, 'AAAA'],
  ])('keeps no secret of %j', (text, secret) => {
    expect(redact(`before ${text}`)).not.toContain(secret)
    expect(redact(`before ${text}`)).toMatch(/^before /)
  })

  it('keeps what is no secret', () => {
    const line = `ssh-ng://nix-builder@desktop:22 http://desktop:5000 trusts ${publicKey}`
    expect(redact(line)).toBe(line)
  })

  it('writes to its file, errors with their stack, and rotates at 1 MB', () => {
    const folder = mkdtempSync(join(tmpdir(), 'offload-tray-log-'))
    const file = join(folder, 'state', 'app.log')
    const log = openLog(file)
    log.info('hello', { password: 'hunter2' })
    log.error('failed:', new Error('broken'))
    const text = readFileSync(file, 'utf8')
    expect(text).toMatch(/info hello/)
    expect(text).toMatch(/error failed: Error: broken\n +at /)
    expect(text).not.toContain('hunter2')
    for (let lines = 0; lines < 260; lines++) log.info('x'.repeat(10_000))
    expect(statSync(file).size).toBeLessThan(1_100_000)
    rmSync(folder, { recursive: true })
  })
})
