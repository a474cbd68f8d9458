// Taking a repair back: what was taken back is told as such, and what could not be still stands.
import { describe, expect, it } from 'vitest'
import { createGuide } from '../../../../src/core/repair/guide.ts'
import { bad, good, type Outcome } from '../../../../src/shared/outcome.ts'
import { factsOf } from './facts.ts'
import { playedEngine } from './played-engine.ts'

async function repaired(undo: () => Promise<Outcome<void>>) {
  const survey = async () => good(factsOf({ keys: 'ssh-rsa AAAA other\n' }))
  const guide = createGuide(playedEngine({ survey, undo }))
  await guide.open('desktop')
  await guide.signIn('admin', { kind: 'agent' })
  await guide.apply()
  expect(guide.state()).toMatchObject({ phase: 'done', steps: [{ id: 'push-key', state: 'done' }] })
  await guide.undo('remove-key')
  return guide.state()
}

describe('taking the key out', () => {
  it('tells the push as undone, and nothing to take back any more', async () => {
    expect(await repaired(async () => good(undefined))).toMatchObject({
      paired: false,
      steps: [{ id: 'push-key', state: 'rolled-back' }],
      undo: { done: 'remove-key', can: [] },
    })
  })

  it('that failed leaves the push standing, to be tried again', async () => {
    const failed = async () => bad('desktop.read-only', { host: 'desktop', file: 'x' })
    expect(await repaired(failed)).toMatchObject({
      paired: true,
      steps: [{ id: 'push-key', state: 'done' }],
      undo: { done: null, can: ['remove-key'], problem: { cause: 'desktop.read-only' } },
    })
  })
})
