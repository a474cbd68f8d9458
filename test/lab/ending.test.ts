// However a lab ends, nothing of it stays.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ensureBase } from './base.ts'
import { openLab } from './lab.ts'
import { lock } from './lock.ts'
import { labDir, repoDir, sourceDir } from './places.ts'
import { allPids } from './processes.ts'
import { readKeeper, readState } from './state.ts'
import { takeDown } from './stop.ts'
import { commandLine, hostFacts, traces } from './traces.ts'

const id = `ending-${process.pid}`
let before: string[]

beforeAll(async () => {
  await ensureBase('trixie', console.log)
  before = hostFacts()
})
afterEach(async () => {
  await takeDown(id)
  // Of other programs of this machine, too: what they do for a moment is no trace of a lab.
  await expect.poll(hostFacts).toEqual(before)
})

/** `npm run lab -- …` for this lab, without npm. */
const lab = (...args: string[]): ChildProcess =>
  spawn(process.execPath, ['--import', 'tsx', join(sourceDir, 'cli.ts'), ...args], {
    cwd: repoDir,
    env: { ...process.env, LAB_ID: id },
    stdio: 'ignore',
  })

/** A process of its own that opens the lab and then only sits there. */
const owner = (): ChildProcess => {
  const code = `const { openLab } = await import(${JSON.stringify(join(sourceDir, 'lab.ts'))}); await openLab(); setInterval(() => {}, 1000)`
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    cwd: repoDir,
    env: { ...process.env, LAB_ID: id },
    stdio: 'ignore',
  })
}

async function until(what: string, holds: () => boolean, ms = 60_000): Promise<void> {
  for (const end = Date.now() + ms; !holds(); await sleep(20)) {
    if (Date.now() > end) throw new Error(`never came true: ${what}\n${traces(id).join('\n')}`)
  }
}

const isUp = () => readState(id)?.pidNamespace !== undefined

describe('a lab leaves nothing', () => {
  it('after down, and down again is no error', async () => {
    const open = await openLab({ id, desktops: 2 })
    await open.break('disk-full')
    await open.break('silent', { desktop: 2 })
    const { pidNamespace } = open.state
    expect(traces(id, pidNamespace).length).toBeGreaterThan(5)
    await open.down()
    expect(traces(id, pidNamespace)).toEqual([])
    await open.down()
  })

  it('by itself, when the process that opened it is killed', async () => {
    const process = owner()
    await until('the lab is up', isUp)
    const namespace = readState(id)?.pidNamespace
    process.kill('SIGKILL')
    await until('nothing is left', () => traces(id, namespace).length === 0)
  })

  it('by itself, when that process is killed while the lab comes up', async () => {
    for (const ms of [0, 150, 400]) {
      const process = owner()
      await until('the lab has begun', () => readKeeper(id) !== null)
      await sleep(ms)
      process.kill('SIGKILL')
      await until('nothing is left', () => traces(id).length === 0)
    }
  })

  it('after Ctrl-C in the middle of up', async () => {
    const cutOff = async () => {
      const up = lab('up')
      const ended = once(up, 'exit')
      await until('the lab has begun', () => readKeeper(id) !== null)
      up.kill('SIGINT')
      return (await ended)[0]
    }
    // Up before the signal came: who looks every 20 ms may be kept waiting for seconds.
    let code = await cutOff()
    for (; code === 0; code = await cutOff()) await takeDown(id)
    expect(code).toBe(130)
    expect(traces(id)).toEqual([])
  })

  it('after down, when even its keeper was killed', async () => {
    await once(lab('up'), 'exit')
    const state = readState(id)
    expect(state).not.toBeNull()
    process.kill(state?.keeper.pid ?? 0, 'SIGKILL')
    await once(lab('down'), 'exit')
    expect(traces(id, state?.pidNamespace)).toEqual([])
  })

  it('after a start that failed, whose reason is told', async () => {
    const noBase = { ...process.env }
    process.env['PATH'] = `${join(sourceDir, 'no-such-folder')}`
    try {
      await expect(openLab({ id })).rejects.toThrow(/apt-get install/)
    } finally {
      process.env['PATH'] = noBase['PATH'] ?? ''
    }
    expect(traces(id)).toEqual([])
  })
})

describe('a base whose building is cut off', () => {
  it('is not there, holds no mount, process or lock, and its leftovers are thrown away by the next', async () => {
    const cache = mkdtempSync(join(tmpdir(), 'lab-base-'))
    const child = spawn(process.execPath, ['--import', 'tsx', join(sourceDir, 'cli.ts'), 'up'], {
      cwd: repoDir,
      env: { ...process.env, LAB_ID: id, OFFLOAD_LAB_CACHE: cache },
      stdio: 'ignore',
    })
    try {
      await until('debootstrap has begun', () =>
        readdirSync(cache).some((name) => name.endsWith('.building')),
      )
      await sleep(1500)
      child.kill('SIGKILL')
      const left = () => allPids().filter((pid) => commandLine(pid).includes(cache))
      await until('its processes are gone', () => left().length === 0)
      expect(readdirSync(cache).filter((name) => !/\.(building|lock)$/.test(name))).toEqual([])
      // Were it locked still, this would never end.
      const unlock = await lock(join(cache, 'trixie.lock'), () => {})
      unlock()
    } finally {
      child.kill('SIGKILL')
      // A process has no command line any more a moment before it has ended.
      rmSync(cache, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })
    }
  })
})

describe('a lab that was brought up by command', () => {
  it('outlives that command, and the next up replaces a dead one', async () => {
    await once(lab('up'), 'exit')
    const first = readState(id)
    expect(existsSync(labDir(id))).toBe(true)
    expect(readFileSync(`/proc/${first?.keeper.pid}/comm`, 'utf8').trim()).toBe('bash')
    process.kill(first?.keeper.pid ?? 0, 'SIGKILL')
    await once(lab('up'), 'exit')
    expect(readState(id)?.startedAt).not.toBe(first?.startedAt)
    await once(lab('down'), 'exit')
    expect(traces(id)).toEqual([])
  })
})
