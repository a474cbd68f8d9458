// A plan of many steps as both faces tell it: grouped by cause, counted, each step's needs in words.
import { describe, expect, it } from 'vitest'
import { messagesFor } from '../../../src/shared/messages/index.ts'
import {
  groupByCause,
  needsOf,
  needText,
  planSentence,
  restartedBy,
  totalsOf,
} from '../../../src/shared/plan-view.ts'
import { barePlan, planOf, stepOf } from './plans.ts'

const en = messagesFor('en')
const sentence = (
  plan: Parameters<typeof totalsOf>[0],
  skipped: Parameters<typeof totalsOf>[1] = [],
  words = en,
) => planSentence(totalsOf(plan, skipped), words)

describe('a plan of many steps', () => {
  it('is told a cause at a time, each once, with the place of each step in the run', () => {
    const groups = groupByCause(barePlan.steps)
    expect(groups.map(({ cause, steps }) => [cause, steps.map(({ number }) => number)])).toEqual([
      ['desktop.builder-user-missing', [1]],
      ['desktop.authorized-keys-missing', [2, 3]],
      ['nix.not-trusted', [4]],
      ['desktop.cache-key-missing', [5]],
      ['desktop.cache-service-down', [6, 7]],
      ['desktop.firewall-blocks', [8]],
      ['nix.disk-full', [9]],
    ])
  })
  it('is counted in one sentence, in both languages', () => {
    expect(sentence(barePlan)).toBe('7 things are wrong, 9 changes, about 20 s; 1 takes minutes.')
    expect(sentence(barePlan, [], messagesFor('pt-BR'))).toBe(
      '7 coisas estão erradas, 9 mudanças, cerca de 20 s; 1 leva minutos.',
    )
    expect(sentence(planOf([stepOf({ id: 'push-key', cause: 'desktop.authorized-keys-missing' })]))).toBe(
      '1 thing is wrong, 1 change, about 1 s.',
    )
  })
  it('is estimated by what each step took before, where it has run from this laptop', () => {
    const firewall = { id: 'open-firewall', cause: 'desktop.firewall-blocks' } as const
    const key = { id: 'push-key', cause: 'desktop.authorized-keys-missing' } as const
    expect(
      sentence(planOf([stepOf({ ...firewall, usualSeconds: 0.2 }), stepOf({ ...key, usualSeconds: 0.1 })])),
    ).toBe('2 things are wrong, 2 changes, about 1 s.')
    expect(sentence(planOf([stepOf({ ...firewall, usualSeconds: 12.4 }), stepOf(key)]))).toBe(
      '2 things are wrong, 2 changes, about 15 s.',
    )
  })
  it('counts what is left out as wrong still, and not as a change', () => {
    expect(sentence(barePlan, ['free-disk', 'start-cache', 'install-cache'])).toBe(
      '7 things are wrong, 6 changes, about 10 s.',
    )
    const nothing = stepOf({ id: 'free-disk', cause: 'desktop.disk-low', commands: [] })
    expect(sentence(planOf([nothing]))).toBe('1 thing is wrong, no change.')
    const unmended = [{ cause: 'desktop.pubkey-off', params: { host: 'desktop' } } as const]
    expect(sentence(planOf([], { unmended }))).toBe('1 thing is wrong, no change.')
  })
})

describe('what a step needs', () => {
  it('is told by its own commands where a service restarts', () => {
    const commands = [
      'systemctl --no-block restart nix-daemon.service && systemctl enable --now x',
      'systemctl restart nix-serve',
      'systemctl restart nix-serve',
    ]
    expect(restartedBy({ commands })).toEqual(['nix-daemon', 'nix-serve'])
  })
  it('is told in words, the rights first', () => {
    const texts = (at: number) =>
      needsOf(barePlan.steps[at] ?? stepOf({ id: 'push-key', cause: 'nix.not-found' })).map((need) =>
        needText(need, en),
      )
    expect(texts(3)).toEqual(['as root', 'restarts nix-daemon', 'low risk'])
    expect(texts(8)).toEqual(['as root', 'takes minutes', 'you choose how', 'high risk'])
  })
})
