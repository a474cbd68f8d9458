// Every fault breaks, breaks again, and is really undone; some are looked at more closely.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { causes } from '../../src/shared/causes.ts'
import { freshDerivation, narinfo, offload } from './builds.ts'
import { activeFaults } from './fault.ts'
import { faults } from './faults/table.ts'
import { type Lab, openLab } from './lab.ts'
import { sourceDir } from './places.ts'
import { fingerprint } from './traces.ts'

let lab: Lab
let well: string[]

beforeAll(async () => {
  lab = await openLab({ id: `faults-${process.pid}` })
  await lab.break('cache-stopped') // the files of a first mending are the measure: times and backups exist then
  await lab.mend()
  well = await fingerprint(lab)
})
afterAll(() => lab?.down())

/** Does port 22 of the desktop answer, and with what? From the laptop, giving up after that time. */
async function port22(seconds: number): Promise<string> {
  const ask = 'head -c 60 </dev/tcp/desktop/22'
  const ran = await lab.runAsAlice(['timeout', String(seconds), 'bash', '-c', ask])
  return `${ran.code} ${ran.stdout}${ran.stderr}`
}

describe('each fault', () => {
  it.each(faults.map((fault) => fault.name))(
    '%s can be made twice and mended without a trace',
    async (name) => {
      await lab.break(name)
      expect(await fingerprint(lab)).not.toEqual(well)
      await lab.break(name)
      await lab.mend(name)
      expect(activeFaults(lab.state)).toEqual([])
      expect(await fingerprint(lab)).toEqual(well)
      expect((await offload(lab)).code).toBe(0)
      expect((await narinfo(lab)).body).toContain('Sig: cache.local-1:')
    },
  )
})

describe('the list of faults', () => {
  const readme = readFileSync(join(sourceDir, 'README.md'), 'utf8')
  it.each(faults)(
    '$name stands in the README and names causes of the catalogue',
    ({ name, about, causes: named }) => {
      expect(readme).toContain(`| \`${name}\` |`)
      expect(readme).toContain(about)
      for (const cause of named) expect(Object.keys(causes)).toContain(cause)
    },
  )
})

describe('what they look like from the laptop', () => {
  it.each([
    ['sshd-stopped', /Connection refused/],
    ['not-ssh', /HTTP\/1\.1 400/],
    ['ssh-mute', /^124 $/],
    ['silent', /^124 $/],
    ['name-unresolvable', /Name or service not known/],
    ['throttled', /Not allowed at this time|reset/],
  ] as const)('%s on port 22', async (name, shows) => {
    await lab.break(name)
    const staysSilent = shows.test('124 ')
    const seen = await port22(staysSilent ? 2 : 60)
    await lab.mend()
    expect(seen).toMatch(shows)
  })

  it.each([
    ['cache-narinfo-500', 500, /Internal Server Error/],
    ['cache-not-a-cache', 404, /html/],
    ['cache-captive', 200, /Welcome/],
    ['cache-http-503', 503, /Unavailable/],
    ['cache-stopped', 0, /^$/],
    ['cache-silent', 0, /^$/],
    ['cache-unknown-key', 200, /Sig: elsewhere\.local-1:/],
  ] as const)('%s in a narinfo', async (name, status, body) => {
    await lab.break(name)
    const seen = await narinfo(lab, name === 'cache-silent' ? 2 : undefined)
    await lab.mend()
    expect(seen).toMatchObject({ status, body: expect.stringMatching(body) })
  })

  it('a regenerated key signs under the old name, and Nix refuses the path', async () => {
    const before = await narinfo(lab)
    await lab.break('cache-regenerated')
    const after = await narinfo(lab)
    const built = await lab.onDesktop(['nix-build', '--no-out-link', '-E', freshDerivation()])
    const fetched = await lab.runAsAlice(['nix-store', '-r', built.stdout.trim()])
    await lab.mend()
    expect(after.body).toMatch(/Sig: cache\.local-1:/)
    expect(after.body).not.toBe(before.body)
    expect(built.code).toBe(0)
    expect(fetched.code).not.toBe(0)
    expect(fetched.stderr).toContain('is not signed by any of the keys')
  })

  it('a full disk ends an upload of 1 MiB and spares the store', async () => {
    const expression = `let p = derivation { name = "payload"; system = "x86_64-linux"; builder = "/bin/sh"; preferLocalBuild = true;
      args = [ "-c" "x=0123456789abcdef; x=$x$x$x$x; x=$x$x$x$x; i=0; while [ $i -lt 4096 ]; do echo $x; i=$((i+1)); done > $out" ]; };
      in { inherit p; probe = derivation { name = "probe"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "read x < \${p}; echo $x > $out" ]; }; }`
    await lab.runAsAlice(['nix-build', '--builders', '', '--no-out-link', '-E', expression, '-A', 'p'])
    await lab.break('disk-full')
    const ran = await lab.runAsAlice([
      'nix-build',
      '--max-jobs',
      '0',
      '--no-out-link',
      '-E',
      expression,
      '-A',
      'probe',
    ])
    await lab.mend()
    expect(ran.code).not.toBe(0)
    expect(ran.stderr).toContain('No space left on device')
  })
})

describe('several at once', () => {
  it('on one thing: mending one leaves the other', async () => {
    await lab.break('cache-stopped')
    await lab.break('cache-not-a-cache')
    await lab.mend('cache-not-a-cache')
    expect((await narinfo(lab)).status).toBe(0)
    await lab.mend()
    expect(await fingerprint(lab)).toEqual(well)
  })

  it('on several things: all are mended by one command', async () => {
    for (const name of [
      'silent',
      'no-fallback',
      'max-jobs-0',
      'machines-broken',
      'key-refused',
      'desktop-off',
    ]) {
      await lab.break(name)
    }
    await lab.mend()
    expect(await fingerprint(lab)).toEqual(well)
    expect((await offload(lab)).code).toBe(0)
  })

  it('says which there are when asked for one that is none', async () => {
    await expect(lab.break('gremlins')).rejects.toThrow(/no fault is called "gremlins".*sshd-stopped/)
    await expect(lab.break('silent', { desktop: 3 })).rejects.toThrow(/no desktop 3/)
    expect(activeFaults(lab.state)).toEqual([])
  })
})
