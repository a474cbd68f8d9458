// The demo's test build: says that it is one, goes its stages, and stops at a fault as a real one would.
import { afterEach, describe, expect, it } from 'vitest'
import { type Demo, startDemo } from '../../../../src/core/demo/demo.ts'
import type { DemoFaultId } from '../../../../src/shared/demo-faults.ts'
import { stageIds, type TestBuildEvent } from '../../../../src/shared/test-build.ts'

let demo: Demo | undefined
afterEach(async () => {
  await demo?.stop()
})

async function begin(...faults: DemoFaultId[]) {
  demo = await startDemo()
  const survey = await demo.source.survey()
  if (!survey.ok) throw new Error('the demo laptop has a Nix')
  const [builder] = survey.value.builders
  if (builder === undefined) throw new Error('the demo laptop has a builder')
  for (const fault of faults) await demo.setFault(fault, true)
  return demo.startTestBuild({ builder, payloadBytes: 1_000_000, timeoutMs: 10_000 })
}

describe('a test build in the demo', () => {
  it('passes through every stage, and each line of its log says demo', async () => {
    const build = await begin()
    const events: TestBuildEvent[] = []
    build.subscribe((event) => events.push(event))
    await build.done
    const done = events.flatMap((event) =>
      event.type === 'stage' && event.stage.state === 'done' ? [event.stage.id] : [],
    )
    expect(done).toEqual(stageIds)
    const moved = events.flatMap((event) =>
      event.type === 'stage' && event.stage.state === 'done' && event.stage.bytes !== undefined
        ? [[event.stage.id, event.stage.bytes.done === event.stage.bytes.expected]]
        : [],
    )
    expect(moved).toEqual([
      ['upload', true],
      ['download', true],
    ])
    const lines = events.flatMap((event) => (event.type === 'log' ? [event.line] : []))
    expect(lines[0]).toMatch(/^demo: .*simulation/)
    expect(lines.filter((line) => !line.startsWith('demo: '))).toEqual([])
    expect(await build.done).toMatchObject({ ok: true, uri: 'ssh-ng://nix-builder@demo-desktop' })
    expect(events.at(-1)).toEqual({ type: 'result', result: await build.done })
  })

  it('names an output that the demo cache has', async () => {
    const result = await (await begin()).done
    expect(await demo?.source.sharedPaths()).toContain(result.ok ? result.outPath : '')
  })

  it.each([
    ['key-refused', 'ssh.key-refused'],
    ['sshd-stopped', 'ssh.port-closed'],
    ['host-key-changed', 'ssh.host-key-changed'],
    ['builder-key-missing', 'laptop.builder-key-missing'],
    ['distributed-builds-off', 'laptop.distributed-builds-off'],
  ] as const)('ends at %s in the stage connect', async (fault, cause) => {
    const result = await (await begin(fault)).done
    expect(result).toMatchObject({ ok: false, cancelled: false, stage: 'connect', problem: { cause } })
  })

  it('settles an unknown host key: root knows it', async () => {
    expect(await (await begin('host-key-unknown')).done).toMatchObject({ ok: true })
  })

  it('can be cancelled in the middle, and is over then', async () => {
    const build = await begin()
    await new Promise<void>((resolve) => {
      build.subscribe((event) => {
        if (event.type === 'stage' && event.stage.id === 'upload') resolve()
      })
    })
    await build.cancel()
    expect(await build.done).toMatchObject({ ok: false, cancelled: true, stage: 'upload' })
  })
})
