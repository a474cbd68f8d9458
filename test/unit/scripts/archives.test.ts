// Zip and tar as the scripts read them, made by the real tools where they are here and by hand where they must be odd.
import { execFileSync } from 'node:child_process'
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { untar } from '../../../scripts/electron/tar.ts'
import { unzip } from '../../../scripts/electron/zip.ts'
import { zipOf } from './zip-of.ts'

// The modes below are those of any machine, whatever umask the tests were started with.
process.umask(0o022)

let root = ''
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'offload-archives-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('unzip', () => {
  it('writes files with their modes, links as links, and only what is wanted', async () => {
    const zip = join(root, 'a.zip')
    writeFileSync(
      zip,
      zipOf([
        { name: 'x/run', data: '#!/bin/sh\n', mode: 0o100755 },
        { name: 'x/text', data: 'hello'.repeat(1000), mode: 0o100644 },
        { name: 'x/link', data: 'text', mode: 0o120777 },
        { name: 'x/not', data: 'no', mode: 0o100644 },
      ]),
    )
    const into = join(root, 'a')
    mkdirSync(into)
    const seen: number[] = []
    const place = (name: string) => (name === 'x/not' ? undefined : name.slice(2))
    await unzip(zip, into, place, (done, total) => seen.push(done / total))
    expect(lstatSync(join(into, 'run')).mode & 0o777).toBe(0o755)
    expect(readFileSync(join(into, 'text'), 'utf8')).toBe('hello'.repeat(1000))
    expect(readlinkSync(join(into, 'link'))).toBe('text')
    expect(() => lstatSync(join(into, 'not'))).toThrow('ENOENT')
    expect(seen.at(-1)).toBe(1)
  })

  it('refuses a name that leads out of the folder', async () => {
    const zip = join(root, 'evil.zip')
    writeFileSync(zip, zipOf([{ name: '../escaped', data: 'x', mode: 0o100644 }]))
    await expect(
      unzip(
        zip,
        join(root, 'b'),
        (name) => name,
        () => undefined,
      ),
    ).rejects.toThrow('outside its folder')
    expect(() => lstatSync(join(root, 'escaped'))).toThrow('ENOENT')
  })

  it('says so where the file is no zip or was cut off', async () => {
    const zip = join(root, 'cut.zip')
    const whole = zipOf([{ name: 'a', data: 'data', mode: 0o100644 }])
    for (const bytes of [Buffer.from('not a zip'), whole.subarray(0, whole.length - 10)]) {
      writeFileSync(zip, bytes)
      await expect(
        unzip(
          zip,
          root,
          (name) => name,
          () => undefined,
        ),
      ).rejects.toThrow('no zip file')
    }
  })
})

describe('untar', () => {
  it('takes one file out of what tar made', async () => {
    mkdirSync(join(root, 'package'))
    writeFileSync(join(root, 'package', 'first.json'), 'x'.repeat(700))
    writeFileSync(join(root, 'package', 'big.zip'), 'y'.repeat(300_000))
    symlinkSync('first.json', join(root, 'package', 'alias'))
    const tarball = join(root, 'p.tgz')
    execFileSync('tar', [
      '-czf',
      tarball,
      '-C',
      root,
      'package/alias',
      'package/first.json',
      'package/big.zip',
    ])
    await untar(tarball, 'package/big.zip', join(root, 'out'))
    expect(readFileSync(join(root, 'out'), 'utf8')).toBe('y'.repeat(300_000))
    await expect(untar(tarball, 'package/none', join(root, 'out'))).rejects.toThrow(
      'has no whole package/none',
    )
    writeFileSync(tarball, gzipSync(Buffer.from('rubbish'.repeat(500))))
    await expect(untar(tarball, 'package/big.zip', join(root, 'out'))).rejects.toThrow('no tar file')
  })
})
