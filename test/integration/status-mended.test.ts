// What keeps sshd from being asked often (a refused key, a host key, a penalty) must not keep its end from being seen.
import { isDeepStrictEqual } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import type { Snapshot } from '../../src/shared/status.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import { assertBuilt } from './status-cli.ts'
import { beatFast, heartbeatMs, is, slackMs, type Watching, watch } from './watching.ts'

/** A fault for each desktop, so that one wait serves all. */
const onDesktops = [
  ['key-refused', 'ssh.key-refused'],
  ['host-key-changed', 'ssh.host-key-changed'],
  ['throttled', 'ssh.throttled'],
] as const
/** On the laptop: its mending is noticed at once, and all are looked at then. So this comes last. */
const onLaptop = ['host-key-unknown', 'ssh.host-key-unknown'] as const
const faults = [...onDesktops, onLaptop]

let lab: Lab
let watching: Watching | undefined

beforeAll(async () => {
  assertBuilt()
  lab = await openLab({ desktops: faults.length })
  await beatFast(lab)
})
afterEach(() => watching?.end())
afterAll(() => lab?.down())

const causes = (snapshot: Snapshot) =>
  snapshot.builders.map((builder) => builder.checks.find((check) => check.cause !== undefined)?.cause)
const shows = (expected: readonly (string | undefined)[]) => (snapshot: Snapshot) =>
  isDeepStrictEqual(causes(snapshot), expected)

describe('a watch', () => {
  it('sees a key put back, a host key mended or made known and a penalty ended within one heartbeat', async () => {
    for (const [index, [fault]] of faults.entries()) await lab.break(fault, { desktop: index + 1 })
    watching = watch(lab)
    await watching.until(shows(faults.map(([, cause]) => cause)), 45_000)
    // Into the second heartbeat: refused twice is where a wait between questions would have begun to grow.
    await new Promise((resolve) => setTimeout(resolve, heartbeatMs + 2000))
    await watching.until(shows(faults.map(([, cause]) => cause)), 0)

    for (const [fault] of onDesktops) await lab.mend(fault)
    await watching.until(shows([...onDesktops.map(() => undefined), onLaptop[1]]), heartbeatMs + slackMs)
    await lab.mend()
    await watching.until(is('ready'), heartbeatMs + slackMs)
  })
})
