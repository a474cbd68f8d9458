// survey.sh run by a real sh over a home of hostile names: its JSON survives them, and nothing in them is executed.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { quote, surveyProgram } from '../../../../src/core/repair/sh.ts'
import { readSurvey } from '../../../../src/core/repair/survey.ts'

const ports = { ssh: 22, cache: 5000 }
const root = { kind: 'root', said: '' } as const

/** Surveys a user that only this run's getent knows. */
function survey(home: string, more = '', user = 'nix-builder') {
  const line = `${user}:x:4242:4242::${home}:/bin/sh`
  const getent = `getent() { case "$1 $2" in 'passwd ${user}') printf '%s\\n' ${quote(line)} ;; 'group 4242') echo ${user}:x:4242: ;; *) return 2 ;; esac; }\n${more}\n`
  // Before its last lines, which call it.
  const program = surveyProgram(user, ports).replace(/survey "\$1"/, (call) => `${getent}${call}`)
  const stdout = execFileSync('sh', ['-s', '--', '127.0.0.1'], { input: program, cwd: '/' }).toString('utf8')
  return { facts: readSurvey(stdout, root), stdout }
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'survey-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

describe('the survey', () => {
  it('gives hostile names back as they are, and runs nothing in them', () => {
    const at = folder()
    const home = join(at, `h"o'm\\e $(touch ${at.slice(1).replaceAll('/', '_')}) \`id\` \u202e é *`)
    const target = join(at, 'a\n"},{"schema":1,"x')
    mkdirSync(join(home, '.ssh'), { recursive: true })
    writeFileSync(target, 'one\n\u0000two')
    symlinkSync(target, join(home, '.ssh/authorized_keys'))
    const before = readdirSync(at)
    const { facts, stdout } = survey(home)
    expect(stdout.trimEnd().split('\n')).toHaveLength(1)
    expect(facts?.user).toMatchObject({
      exists: true,
      home,
      uid: 4242,
      group: 'nix-builder',
      shellRuns: true,
    })
    const [file] = facts?.files ?? []
    expect(file).toMatchObject({ path: `${home}/.ssh/authorized_keys`, real: target, kind: 'file', bytes: 8 })
    expect(Buffer.from(file?.hex ?? '', 'hex').toString()).toBe('one\n\u0000two')
    expect(file?.trail.at(-1)).toMatchObject({ path: target, kind: 'file' })
    expect(readdirSync(at)).toEqual(before)
    expect(existsSync(`/${at.slice(1).replaceAll('/', '_')}`)).toBe(false)
  })

  it('tells missing from present along the whole way', () => {
    const home = folder()
    mkdirSync(join(home, '.ssh'))
    chmodSync(join(home, '.ssh'), 0o2775)
    const [file] = survey(home).facts?.files ?? []
    expect(file).toMatchObject({ kind: 'missing', hex: null, writable: true })
    expect(file?.trail.map((one) => [one.path, one.kind, one.mode])).toEqual([
      [home, 'folder', '700'],
      [`${home}/.ssh`, 'folder', '2775'],
      [`${home}/.ssh/authorized_keys`, 'missing', ''],
    ])
  })

  it('gives no content of a file that is too long, but its size', () => {
    const home = folder()
    mkdirSync(join(home, '.ssh'))
    writeFileSync(join(home, '.ssh/authorized_keys'), 'x'.repeat(300_000))
    expect(survey(home).facts?.files[0]).toMatchObject({ kind: 'file', bytes: 300_000, hex: null })
  })

  it('fills the signs of AuthorizedKeysFile, and looks beside what sshd reads', () => {
    const home = folder()
    mkdirSync(join(home, '.ssh'))
    writeFileSync(join(home, '.ssh/authorized_keys'), 'beside\n')
    const sshd = `fake_sshd() { printf '%s\\n' 'authorizedkeysfile /keys/%u-%U%% %h/own' 'usepam no' 'allowusers a b' 'allowusers c'; }
      command() { case "$*" in '-v sshd') echo fake_sshd ;; *) builtin_command=; return 1 ;; esac; }`
    const facts = survey(home, sshd).facts
    expect(facts?.sshd).toMatchObject({ asked: true, usePam: false, strictModes: true, allowUsers: 'a b c' })
    expect(facts?.files.map((file) => file.path)).toEqual(['/keys/nix-builder-4242%', `${home}/own`])
    expect(facts?.others.map((file) => file.path)).toEqual([`${home}/.ssh/authorized_keys`])
  })

  it('says that nobody of that name is there', () => {
    const facts = survey('/nowhere', '', 'nix-builder').facts
    expect(facts?.user.exists).toBe(true)
    const stdout = execFileSync('sh', ['-s', '--', ''], {
      input: surveyProgram('nobody-of-that-name', ports),
    }).toString()
    expect(readSurvey(stdout, root)).toMatchObject({ user: { exists: false }, files: [], others: [] })
  })

  it('is found after a greeting of the login shell', () => {
    const { stdout } = survey(folder())
    expect(readSurvey(`Welcome!\n{"schema":1, not this}\n${stdout}`, root)).not.toBeNull()
  })
})
