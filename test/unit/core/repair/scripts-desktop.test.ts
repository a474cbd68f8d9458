// The scripts about a whole desktop, run by a real sh: settings files, signing keys, and steps that hang or are cut off.
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withLine } from '../../../../src/core/repair/authorized-keys.ts'
import { call, type StepCode, takeBackCode } from '../../../../src/core/repair/sh.ts'
import { canTest } from '../../../needs.ts'
import { place, runSteps } from './run-steps.ts'

// The modes below are those of any machine, whatever umask the tests were started with.
process.umask(0o022)

describe('a line more in the settings', () => {
  const line = 'extra-trusted-users = nix-builder'
  const add = (file: string): StepCode => ({
    id: 'trust-builder',
    check: call('has_setting', [file, line]),
    run: [call('add_setting', [file, line])],
    undo: [call('remove_setting', [file, line])],
    scripts: ['nix-conf'],
  })
  const someLine = fc.oneof(
    fc.constantFrom(
      'trusted-users = root',
      '',
      '# note',
      'sandbox = true',
      '!include other.conf',
      `# ${line}`,
      ` ${line}`,
    ),
    fc
      .uint8Array({ maxLength: 50 })
      .map((bytes) => Buffer.from(bytes).toString('latin1').replaceAll('\n', 'n')),
  )
  const someFile = fc
    .tuple(fc.array(someLine, { maxLength: 10 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([lines, ending, last]) =>
      Buffer.from(lines.join(ending) + (last && lines.length > 0 ? ending : ''), 'latin1'),
    )

  it('keeps every byte of fifty files, and comes out again whole', { timeout: 120_000 }, async () => {
    const files = fc.sample(someFile, 50).map((bytes) => ({ bytes, file: join(place(), 'nix.conf') }))
    for (const { bytes, file } of files) writeFileSync(file, bytes, { mode: 0o640 })
    const added = await runSteps(files.map(({ file }) => add(file)))
    expect(added.states.filter((state) => state === 'done')).toHaveLength(50)
    for (const { bytes, file } of files) {
      expect(readFileSync(file, 'latin1')).toBe(withLine(bytes.toString('latin1'), line))
      expect(statSync(file).mode & 0o777).toBe(0o640)
    }
    await runSteps(files.flatMap(({ file }) => takeBackCode({ ...add(file), id: file }) ?? []))
    for (const { bytes, file } of files) {
      expect(readFileSync(file).equals(bytes), JSON.stringify(bytes.toString('latin1'))).toBe(true)
      expect(readdirSync(join(file, '..')).filter((name) => /lock|-new-|-cut-/.test(name))).toEqual([])
    }
  })

  it('goes through a link to the file, and never into the Nix store', async () => {
    const at = place()
    writeFileSync(join(at, 'real.conf'), 'a = b\n')
    symlinkSync('real.conf', join(at, 'nix.conf'))
    expect((await runSteps([add(join(at, 'nix.conf'))])).states).toEqual(['running', 'done'])
    expect(readFileSync(join(at, 'real.conf'), 'utf8')).toBe(`a = b\n${line}\n`)
    symlinkSync('/nix/store/xyz-nix.conf', join(at, 'declared.conf'))
    const refused = await runSteps([add(join(at, 'declared.conf'))])
    expect(refused.states.at(-1)).not.toBe('done')
    // Where Nix has made no store yet, such a link leads nowhere at all.
    const why = existsSync('/nix/store') ? '/nix/store/xyz-nix.conf is made by NixOS' : 'leads nowhere'
    expect(refused.said).toContain(why)
  })
})

describe('a step', () => {
  it('that hangs is ended in its time, and taken back', async () => {
    const mark = join(place(), 'undone')
    const began = performance.now()
    const ran = await runSteps([
      { id: 'start-cache', check: 'false', run: ['sleep 300'], undo: [call('touch', [mark])], seconds: 1 },
    ])
    expect(ran.states).toEqual(['running', 'rolled-back'])
    expect(ran.said).toContain('it took more than 1 seconds')
    expect(existsSync(mark)).toBe(true)
    expect(performance.now() - began).toBeLessThan(45_000)
  })

  it('that is cut off when the laptop goes away is taken back as far as it came', async () => {
    const mark = join(place(), 'undone')
    const ran = await runSteps(
      [
        {
          id: 'create-builder-user',
          check: 'false',
          run: ['echo it has begun', 'sleep 1.5'],
          undo: [call('touch', [mark])],
        },
      ],
      { hangUp: true },
    )
    expect(ran.states).toEqual(['running', 'cancelled'])
    expect(existsSync(mark)).toBe(true)
  })

  it('that takes long is ended within seconds when the laptop goes away, its undoing is not', async () => {
    const mark = join(place(), 'undone')
    const long = (more: Partial<StepCode>): StepCode => ({
      id: 'free-disk',
      check: 'false',
      run: ['echo it has begun', 'sleep 300'],
      undo: [],
      ...more,
    })
    const since = performance.now()
    const all = await Promise.all([
      runSteps([long({ undo: ['sleep 3', call('touch', [mark])] })], { hangUp: true }),
      runSteps([long({ final: true })], { hangUp: true }),
      runSteps([long({})], { hangUp: true }),
    ])
    expect(performance.now() - since).toBeLessThan(45_000)
    expect(all.map(({ news }) => news.at(-1))).toEqual([
      { id: 'free-disk', state: 'cancelled' },
      // What it had done cannot be taken back, and is not said to be.
      { id: 'free-disk', state: 'cancelled', takenBack: 'no' },
      { id: 'free-disk', state: 'cancelled' },
    ])
    expect(existsSync(mark)).toBe(true)
  })
})

const bin = '/usr/bin'

describe.runIf(canTest('nix-store', existsSync(`${bin}/nix-store`)))('a signing key', () => {
  const me = userInfo().username
  const make = (at: string, name: string): StepCode => ({
    id: 'make-cache-key',
    check: call('is_cache_key', [bin, join(at, 'secret'), name, me]),
    run: [call('make_cache_key', [bin, name, join(at, 'secret'), join(at, 'public'), me])],
    undo: [call('drop_cache_key', [bin, join(at, 'secret'), join(at, 'public'), name])],
    scripts: ['cache-key'],
  })

  /** Nix opens its store also to make a key: one of the test's own, not the machine's. */
  const ownNix = () => {
    const store = place()
    return { env: { NIX_STATE_DIR: join(store, 'state'), NIX_STORE_DIR: join(store, 'store') } }
  }

  it('is made by Nix, closed to others, told to nobody, and taken back with the old public half in place', async () => {
    const at = place()
    writeFileSync(join(at, 'public'), 'old-1:AAAA')
    const ran = await runSteps([make(at, 'new-2')], ownNix())
    expect(ran.states, ran.said).toEqual(['running', 'done'])
    expect(statSync(join(at, 'secret')).mode & 0o777).toBe(0o400)
    expect(statSync(join(at, 'public')).mode & 0o777).toBe(0o644)
    const secret = readFileSync(join(at, 'secret'), 'utf8')
    expect(secret).toMatch(/^new-2:[A-Za-z0-9+/]{86}==$/)
    expect(readFileSync(join(at, 'public'), 'utf8')).toMatch(/^new-2:[A-Za-z0-9+/]{43}=$/)
    expect(ran.said).not.toContain(secret.split(':')[1]?.slice(0, 20))
    expect(readdirSync(at).filter((name) => name.startsWith('.'))).toEqual([])
    const back = takeBackCode(make(at, 'new-2'), ran.backup)
    if (back === null) throw new Error('it can be taken back')
    expect((await runSteps([back], ownNix())).states).toEqual(['running', 'done'])
    expect(readdirSync(at)).toEqual(['public'])
    expect(readFileSync(join(at, 'public'), 'utf8')).toBe('old-1:AAAA')
  })

  it('never takes the place of another', async () => {
    const at = place()
    writeFileSync(join(at, 'secret'), 'mine')
    const ran = await runSteps([make(at, 'new-2')], ownNix())
    expect(ran.states).toEqual(['running', 'rolled-back'])
    expect(readFileSync(join(at, 'secret'), 'utf8')).toBe('mine')
    expect(readdirSync(at)).toEqual(['secret'])
  })
})
