// The scripts themselves, run by a real sh on real files: a thousand keys files, two at once, and shellcheck.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findKey, standingOf, withLine } from '../../../../src/core/repair/authorized-keys.ts'
import { call, quote, stepsProgram } from '../../../../src/core/repair/sh.ts'
import { canRun, canTest } from '../../../needs.ts'
import { place, runSteps } from './run-steps.ts'

// The modes below are those of any machine, whatever umask the tests were started with.
process.umask(0o022)

const type = 'ssh-ed25519'
const blob = `AAAAC3NzaC1lZDI1NTE5AAAAI${'k'.repeat(43)}`
const otherBlob = `AAAAC3NzaC1lZDI1NTE5AAAAI${'o'.repeat(43)}`
const line = `restrict ${type} ${blob} alice@laptop`
const isRoot = process.getuid?.() === 0
const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`

const push = (file: string, text = line, key = blob, how = 'leave') => ({
  id: 'push-key',
  check: call('has_key', [file, type, key, text, how]),
  run: [call('push_key', [file, owner, '600', type, key, text, how])],
  undo: [],
})
const remove = (file: string, text = line) => ({
  id: 'remove-key',
  check: call('lacks_line', [file, type, blob, text]),
  run: [call('remove_line', [file, type, blob, text])],
  undo: [],
})

function keysFile(bytes: Buffer | string): string {
  const file = join(place(), 'authorized_keys')
  writeFileSync(file, bytes, { mode: 0o640 })
  return file
}

/** Lines as people, tools and bad luck make them. */
const someLine = fc.oneof(
  fc.constant(`ssh-ed25519 ${otherBlob} bob@home`),
  fc.constant(`# ${type} ${blob} commented out`),
  fc.constant(`  \t# note`),
  fc.constant(''),
  fc.constant(`command="echo \\"${type} ${otherBlob}\\"",no-pty ssh-rsa AAAAB3NzaC1yc2E= x`),
  fc.constant(`from="*.example, 10.0.0.0/8" ssh-ed25519 ${otherBlob}`),
  fc.constant(`ssh-rsa AAAAB3NzaC1yc2E ${type} ${blob}`),
  fc.constant(`environment="X=${type} ${blob}" ssh-rsa AAAAB3Nza not our key`),
  fc.string({ maxLength: 60 }).map((text) => text.replaceAll('\n', ' ')),
  fc
    .uint8Array({ maxLength: 60 })
    .map((bytes) => Buffer.from(bytes).toString('latin1').replaceAll('\n', 'n')),
)
const someFile = fc
  .tuple(fc.array(someLine, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, ending, final]) => {
    const text = lines.join(ending)
    return Buffer.from(final && text !== '' ? `${text}${ending}` : text, 'latin1')
  })

describe('a push and its removal', () => {
  it('keep every byte of a thousand keys files, work once, and leave no trace', {
    timeout: 900_000,
  }, async () => {
    const batch = 25
    const files = fc.sample(someFile, 1000)
    for (let at = 0; at < files.length; at += batch) {
      const some = files.slice(at, at + batch).map((bytes) => ({ bytes, file: keysFile(bytes) }))
      const first = await runSteps(some.map(({ file }) => push(file)))
      expect(first.code, first.said).toBe(0)
      expect(first.states.filter((state) => state === 'done')).toHaveLength(batch)
      for (const { bytes, file } of some) {
        const now = readFileSync(file)
        expect(now.subarray(0, bytes.length).equals(bytes)).toBe(true)
        expect(now.toString('latin1')).toBe(withLine(bytes.toString('latin1'), line))
        const live = findKey(now.toString('latin1'), type, blob).filter((one) => !one.commented)
        expect(live).toHaveLength(1)
        expect(standingOf(live).state).toBe('works')
        expect(statSync(file).mode & 0o777).toBe(0o640)
      }
      const second = await runSteps(some.map(({ file }) => push(file)))
      expect(second.states.filter((state) => state === 'unchanged')).toHaveLength(batch)
      const gone = await runSteps(some.map(({ file }) => remove(file)))
      expect(gone.code, gone.said).toBe(0)
      for (const { bytes, file } of some) {
        expect(readFileSync(file).equals(bytes), JSON.stringify(bytes.toString('latin1'))).toBe(true)
        expect(readdirSync(join(file, '..')).filter((name) => /lock|-new-|-cut-/.test(name))).toEqual([])
      }
    }
  })

  const shells = [['dash'], ['bash'], ['busybox', 'sh']].filter(([program = '']) => canRun(program))
  it.each(shells)('work in %s as well', async (...shell) => {
    const file = keysFile('ssh-rsa AAAA old\r\nlast without newline')
    const ran = await runSteps([push(file)], { shell })
    expect(ran.states).toEqual(['running', 'done'])
    expect(readFileSync(file, 'utf8')).toBe(`ssh-rsa AAAA old\r\nlast without newline\n${line}`)
  })

  it('make the file where there is none, for its owner alone', async () => {
    const file = join(keysFile(''), '..', 'new_keys')
    expect((await runSteps([push(file)])).states).toEqual(['running', 'done'])
    expect(readFileSync(file, 'utf8')).toBe(`${line}\n`)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(file).nlink).toBe(1)
  })

  it('write for a user to nothing that a link leads to out of its home', async () => {
    const file = keysFile('old\n')
    const home = place()
    const inHome = (path: string) => ({
      ...push(path),
      run: [call('push_key', [path, owner, '600', type, blob, line, 'leave', home])],
    })
    symlinkSync(file, join(home, 'authorized_keys'))
    symlinkSync(join(file, '..', 'new'), join(home, 'dangling'))
    symlinkSync(join(file, '..'), join(home, '.ssh'))
    for (const path of ['authorized_keys', 'dangling', '.ssh/new']) {
      const ran = await runSteps([inHome(join(home, path))])
      expect(ran.states, ran.said).toEqual(['running', 'failed'])
    }
    expect(readdirSync(join(file, '..'))).toEqual(['authorized_keys'])
    expect(readFileSync(file, 'utf8')).toBe('old\n')
    writeFileSync(join(home, 'real'), 'mine\n')
    symlinkSync('real', join(home, 'link'))
    expect((await runSteps([inHome(join(home, 'link'))])).states).toEqual(['running', 'done'])
    expect(readFileSync(join(home, 'real'), 'utf8')).toBe(`mine\n${line}\n`)
  })

  it('write through a link to its target, and leave the link', async () => {
    const file = keysFile('old\n')
    const link = join(file, '..', 'link')
    symlinkSync('authorized_keys', link)
    expect((await runSteps([push(link)])).states).toEqual(['running', 'done'])
    expect(lstatSync(link).isSymbolicLink()).toBe(true)
    expect(readFileSync(file, 'utf8')).toBe(`old\n${line}\n`)
  })

  it.runIf(canRun('setfacl'))('keep the access control list', async () => {
    const file = keysFile('old\n')
    const list = () => execFileSync('getfacl', ['-c', '-p', '-n', file], { encoding: 'utf8' })
    execFileSync('setfacl', ['-m', 'u:12345:r', file])
    const before = list()
    expect(before).toContain('user:12345:r--')
    expect((await runSteps([push(file)])).states).toEqual(['running', 'done'])
    expect(list()).toBe(before)
    expect((await runSteps([remove(file)])).states).toEqual(['running', 'done'])
    expect(list()).toBe(before)
  })

  it('refuse a folder under that name, and change nothing', async () => {
    const file = keysFile('')
    rmSync(file)
    mkdirSync(file)
    const ran = await runSteps([push(file)])
    expect(ran.states).toEqual(['running', 'failed'])
    expect(ran.said).toContain('is no file')
  })

  it('keep the old file under a name with the time', async () => {
    const file = keysFile('old\n')
    const ran = await runSteps([push(file)])
    const backup = /"backup":"([^"]+)"/.exec(ran.said)?.[1] ?? ''
    expect(backup).toMatch(/authorized_keys\.offload-backup-\d{8}T\d{6}Z-/)
    expect(readFileSync(backup, 'utf8')).toBe('old\n')
    expect(statSync(backup).mode & 0o777).toBe(0o640)
    const back = {
      id: 'restore',
      check: call('same_bytes', [backup, file]),
      run: [call('restore_copy', [file, backup])],
      undo: [],
    }
    expect((await runSteps([back])).states).toEqual(['running', 'done'])
    expect(readFileSync(file, 'utf8')).toBe('old\n')
  })
})

describe('a key that stands there with other options', () => {
  const before = `a\r\nfrom="10.9.9.9" ${type} ${blob} old comment\r\nb`

  it('is left where the person says so', async () => {
    const file = keysFile(before)
    expect((await runSteps([push(file)])).states).toEqual(['running', 'unchanged'])
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  it('is replaced in its place, with its line ending', async () => {
    const file = keysFile(before)
    expect((await runSteps([push(file, line, blob, 'replace')])).states).toEqual(['running', 'done'])
    expect(readFileSync(file, 'utf8')).toBe(`a\r\n${line}\r\nb`)
  })

  it('is replaced as a last line without a newline', async () => {
    const file = keysFile(`command="x" ${type} ${blob}`)
    expect((await runSteps([push(file, line, blob, 'replace')])).states).toEqual(['running', 'done'])
    expect(readFileSync(file, 'utf8')).toBe(line)
  })
})

describe('several at once', () => {
  it('lose no key of ten different ones', { timeout: 60_000 }, async () => {
    const file = keysFile('first\n')
    const blobs = Array.from({ length: 10 }, (_, n) => `AAAAC3NzaC1lZDI1NTE5AAAAI${String(n).repeat(43)}`)
    const ran = await Promise.all(
      blobs.map((one) => runSteps([push(file, `restrict ${type} ${one} n`, one)])),
    )
    expect(ran.map((one) => one.code)).toEqual(blobs.map(() => 0))
    const text = readFileSync(file, 'utf8')
    for (const one of blobs) expect(findKey(text, type, one)).toHaveLength(1)
    expect(text.split('\n')).toHaveLength(12)
  })

  it('clear the lock of one that died, and no other', { timeout: 120_000 }, async () => {
    const file = keysFile('old\n')
    mkdirSync(`${file}.offload-lock`)
    writeFileSync(`${file}.offload-lock/pid`, '4194999\n')
    expect((await runSteps([push(file)])).states).toEqual(['running', 'done'])
    const held = keysFile('old\n')
    mkdirSync(`${held}.offload-lock`)
    writeFileSync(`${held}.offload-lock/pid`, `${process.pid}\n`)
    const ran = await runSteps([push(held)])
    expect(ran.states).toEqual(['running', 'failed'])
    expect(ran.said).toContain('another repair holds')
    expect(existsSync(`${held}.offload-lock`)).toBe(true)
    const long = new Date(Date.now() - 120_000)
    utimesSync(`${held}.offload-lock`, long, long)
    expect((await runSteps([push(held)])).states).toEqual(['running', 'done'])
  })
})

describe('an end in the middle', () => {
  it('leaves the old file or the new one, no lock and no half-made file, at twenty moments', {
    timeout: 60_000,
  }, async () => {
    const before = `${`ssh-ed25519 ${otherBlob} somebody\n`.repeat(200)}end`
    const after = withLine(before, line)
    for (let cut = 0; cut < 20; cut++) {
      const file = keysFile(before)
      const child = spawn('sh', ['-s'], { stdio: ['pipe', 'ignore', 'ignore'] })
      child.stdin.on('error', () => {})
      child.stdin.write(stepsProgram('T', [push(file)]))
      const over = new Promise((resolve) => child.on('close', resolve))
      await new Promise((resolve) => setTimeout(resolve, cut * 3))
      child.stdin.end()
      await over
      expect([before, after]).toContain(readFileSync(file, 'utf8'))
      const left = readdirSync(join(file, '..')).filter((name) => /lock|-new-|-cut-/.test(name))
      expect(left).toEqual([])
    }
  })

  it.runIf(canTest('root, who may mount a small file system', isRoot))(
    'leaves the old file on a full disk',
    () => {
      const at = place()
      const file = join(at, 'authorized_keys')
      const program = stepsProgram('TOKEN', [push(file)])
      const big = 'x'.repeat(30_000)
      const script = `mount -t tmpfs -o size=64k none ${quote(at)} && printf %s ${big} >${quote(file)} &&
      { dd if=/dev/zero of=${quote(join(at, 'fill'))} bs=4k 2>/dev/null; sh -s; echo; md5sum <${quote(file)}; ls ${quote(at)}; }`
      const ran = spawnSync('unshare', ['-m', 'sh', '-c', script], { input: `${program}` })
      expect(ran.status, ran.stderr.toString()).toBe(0)
      const md5 = execFileSync('sh', ['-c', `printf %s ${big} | md5sum`]).toString()
      expect(ran.stdout.toString()).toContain(md5.trim())
      expect(ran.stdout.toString()).toMatch(/authorized_keys\nfill\n$/)
    },
  )
})

describe('words for the shell', () => {
  it('come out of a real sh as they went in', () => {
    const hostile = [
      "'",
      '"',
      '$(touch /tmp/x)',
      '`id`',
      '\\',
      '\n',
      '-n',
      '*',
      ' ',
      '',
      "'; id; '",
      '\u202e',
      '!',
    ]
    const some = fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), 300)
    for (const word of [...hostile, ...some]) {
      const text = word.replaceAll('\0', '').toWellFormed()
      const out = execFileSync('sh', { input: `printf %s ${quote(text)}` }).toString()
      expect(out).toBe(text)
    }
  })
})

describe('the scripts', () => {
  const scripts = join(import.meta.dirname, '../../../../src/core/repair/scripts')
  const have = canRun('shellcheck')

  it.runIf(have)('are clean under shellcheck', () => {
    const files = readdirSync(scripts).filter((name) => name.endsWith('.sh'))
    expect(files.length).toBeGreaterThan(3)
    const ran = spawnSync('shellcheck', ['-s', 'sh', ...files], { cwd: scripts })
    expect(ran.stdout.toString()).toBe('')
  })
})
