// The guard's laptop side: who confirms, who waits, and who never knocks at a door that locks.
import { describe, expect, it } from 'vitest'
import type { AdminSession } from '../../../../src/core/repair/admin-session.ts'
import { awaitBack, keepGuard, settleGuard } from '../../../../src/core/repair/guard.ts'
import { good, type Outcome, problem } from '../../../../src/shared/outcome.ts'

const guard = { folder: '/run/offload-tray.abcdef', seconds: 120 }
const end = (said: string) => ({
  code: 0,
  ended: 'exit' as const,
  stdout: `Welcome!\nguard: ${said}\n`,
  stderr: '',
  rights: { kind: 'root' as const, said: '' },
})

type Answer = 'refused' | 'away' | 'person' | { readonly says: string }

/** A session whose new connections end as told, in turn; the last one for ever. */
function sessionOf(...answers: readonly Answer[]) {
  const programs: string[] = []
  const session = (says: string): AdminSession => ({
    user: 'admin',
    params: {},
    run: async (program) => {
      programs.push(program)
      return good(end(says))
    },
    giveSudoPassword: () => {},
    sudoPasswordWasWrong: () => false,
    execs: () => 0,
    close: async () => {},
  })
  let tried = 0
  const again = async (): Promise<Outcome<AdminSession | null>> => {
    const answer = answers[Math.min(tried++, answers.length - 1)]
    if (answer === 'refused') return { ok: false, problem: problem('ssh.sign-in-refused', {}) }
    if (answer === 'person') return good(null)
    if (answer === 'away' || answer === undefined)
      return { ok: false, problem: problem('net.timeout', { host: 'desktop' }) }
    return good(session(answer.says))
  }
  return { session: { ...session('confirmed'), again }, programs, tried: () => tried }
}

async function settled(...answers: readonly Answer[]) {
  const { session, programs, tried } = sessionOf(...answers)
  let now = 0
  const clock = {
    now: () => now,
    async pause(ms: number) {
      now += ms
    },
  }
  const end = await settleGuard(session, guard, new AbortController().signal, clock)
  return { end, programs, tried: tried(), ms: now }
}

describe('a guard', () => {
  it('is confirmed by a new connection, which asks about its own folder', async () => {
    const { end, programs } = await settled({ says: 'confirmed' })
    expect(end).toBe('confirmed')
    expect(programs[0]).toMatch(/settle_guard '\/run\/offload-tray\.abcdef'\nexit 0\n$/)
  })

  it('is asked again while the switch goes on, or nobody answers', async () => {
    expect(await settled('away', { says: 'switching' }, { says: 'confirmed' })).toMatchObject({
      end: 'confirmed',
      tried: 3,
    })
  })

  it('is confirmed over the old connection where signing in anew would need the person', async () => {
    expect((await settled('person')).end).toBe('confirmed')
  })

  it('tells that the old system is back', async () => {
    expect((await settled('away', 'away', { says: 'rolled-back' })).end).toBe('rolled-back')
  })

  it('does not knock again where we were refused, until the old system is back', async () => {
    expect(await settled('refused', { says: 'rolled-back' })).toMatchObject({ end: 'rolled-back', tried: 2 })
  })

  it('is listened to for longer while the desktop says that it is at it', async () => {
    const keeping = Array.from({ length: 150 }, () => ({ says: 'keeping' }))
    expect((await settled(...keeping, { says: 'confirmed' })).end).toBe('confirmed')
  })

  it('that nobody wants any more is sent back over the old connection first, and never confirmed', async () => {
    const { session, programs } = sessionOf('away', { says: 'going-back' }, { says: 'rolled-back' })
    const pause = async () => {}
    const end = await awaitBack(session, guard, 100, new AbortController().signal, { now: () => 0, pause })
    expect(end).toBe('rolled-back')
    expect(programs.length).toBe(3)
    for (const program of programs)
      expect(program).toMatch(/settle_guard '\/run\/offload-tray\.abcdef' back\nexit 0\n$/)
  })

  it('is given up a while after its time', async () => {
    const { end, tried, ms } = await settled('away')
    expect(end).toBe('unknown')
    expect(tried).toBeGreaterThan(60)
    expect(ms).toBeGreaterThan(guard.seconds * 1000)
  })
})

describe('the keeper of a run’s guard', () => {
  it('has nothing to tell where none was armed, or the steps came to their end', async () => {
    const none = keepGuard(sessionOf('away').session, new AbortController().signal)
    expect(await none.end(true)).toBeNull()
    const armed = keepGuard(sessionOf({ says: 'confirmed' }).session, new AbortController().signal)
    armed.hear(guard)
    expect(armed.isArmed()).toBe(true)
    expect(await armed.end(false)).toBeNull()
  })

  it('learns by a new connection how a switch ended whose link broke', async () => {
    const armed = keepGuard(sessionOf({ says: 'rolled-back' }).session, new AbortController().signal)
    armed.hear(guard)
    expect(await armed.end(true)).toBe('rolled-back')
  })

  it('leaves one that is cancelled to the desktop, and says what is left of its time', async () => {
    const person = new AbortController()
    const keeper = keepGuard(sessionOf({ says: 'rolled-back' }).session, person.signal)
    expect(keeper.left()).toBeNull()
    keeper.hear(guard)
    person.abort()
    expect(await keeper.end(true)).toBeNull()
    const left = keeper.left()
    expect(left).toMatchObject({ folder: guard.folder, seconds: guard.seconds })
    expect(await left?.follow(new AbortController().signal)).toBe('rolled-back')
  })
})
