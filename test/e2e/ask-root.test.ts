// The window's button that asks root why Nix hides its reason: a real Electron on the lab's laptop, a real ssh as its root.
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pkexecStandIn } from '../integration/pkexec.ts'
import { type Lab, openLab } from '../lab/lab.ts'
import type { AskDrive, AskSeen } from './fixture/drive-ask-root.ts'
import { keepPictures, runDriver, shotsFolder } from './fixture/lab-driver.ts'

let lab: Lab
let shots: string
beforeAll(async () => {
  lab = await openLab({ id: `e2e-ask-root-${process.pid}` })
  shots = shotsFolder('ask-root')
})
afterAll(async () => {
  await lab?.down()
  keepPictures(shots)
  rmSync(shots, { recursive: true, force: true })
})

it('ends in the exact cause, for the window, the history and the state of the builder', {
  timeout: 240_000,
}, async () => {
  await lab.break('remote-daemon-stopped')
  const PATH = await pkexecStandIn(lab)
  const answer = '/lab/pkexec-answer'
  await lab.runAsRoot(['install', '-o', 'alice', '/dev/null', answer])
  const asked: AskDrive = { shots, answer }
  const { seen } = await runDriver<AskSeen>(lab, {
    driver: 'drive-ask-root',
    asked,
    env: { PATH },
    timeoutMs: 200_000,
  })

  expect(seen.hidden).toBe('Not built on desktop: Nix on desktop hung up without a reason')
  expect(seen.command).toMatch(/^\/usr\/bin\/ssh -v .* -- nix-builder@desktop 'nix-store --serve --write'$/)
  expect(seen.refused).toMatch(/^Root was not asked: the administrator’s password was not given\./)
  expect(seen.asking).toMatch(/^Asking as root\./)
  expect(seen.stopped).toBe(seen.hidden)

  expect(seen.told).toBe('Not built on desktop: the Nix daemon on desktop does not answer')
  expect(seen.raw).toContain(`# ${seen.command}`)
  expect(seen.raw).toContain(
    "cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused",
  )
  expect(seen.focus).toBe('H2')
  // The build's end was told once; who asked sees the answer.
  expect(seen.notifications.filter((title) => title === 'Test build')).toHaveLength(1)
  const sharper = { ok: false, problem: { cause: 'nix.daemon-down' } }
  expect(seen.history).toMatchObject([{ result: sharper }])
  expect(
    seen.kept
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toMatchObject([{ result: sharper }])
  expect(seen.checks.find(({ id }) => id === 'remote-nix')).toMatchObject({
    state: 'fail',
    cause: 'nix.daemon-down',
  })
  expect(seen.log).not.toMatch(/error/i)
  const left = async () => (await lab.runAsAlice(['pgrep', '-U', 'alice', '-x', 'pkexec'])).stdout
  await expect.poll(left).toBe('')
})
