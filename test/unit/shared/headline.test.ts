// The one sentence that says the state, and the causes below it.
import { describe, expect, it } from 'vitest'
import { causesOf, headline } from '../../../src/shared/headline.ts'
import { fill, locales } from '../../../src/shared/locale.ts'
import { messagesFor } from '../../../src/shared/messages/index.ts'
import {
  builder,
  cache,
  check,
  deadCache,
  laptop,
  noFallback,
  refused,
  silent,
  snapshot,
  unknownKey,
} from './snapshots.ts'

describe('the headline', () => {
  const busy = snapshot({
    builders: [builder([], { slots: { busy: 2, max: 4 } }), builder([], { host: 'attic' })],
  })

  it.each([
    ['ready', snapshot(), { builder: 'desktop' }],
    ['building', busy, { builder: 'desktop', count: 2 }],
    ['paused', snapshot({}, true), {}],
    ['unconfigured', snapshot({ builders: [] }), {}],
  ] as const)('for %s fills that state’s sentence in each language', (overall, given, values) => {
    expect(given.overall).toBe(overall)
    for (const locale of locales) {
      const template = messagesFor(locale).status.headline[overall]
      expect(headline(given, locale)).toBe(fill(template, values))
      expect(headline(given, locale)).not.toMatch(/[{}]/)
    }
  })

  it('does not call a laptop without builders whose files are closed to the person not set up', () => {
    const closed = check('nix-config', 'warn', 'laptop.file-unreadable', { file: '/etc/nix/machines' })
    const given = snapshot({ builders: [], laptop: laptop([closed]) })
    expect(given.overall).toBe('unconfigured')
    expect(headline(given, 'en')).toBe('No builder can be seen: you cannot read /etc/nix/machines')
    expect(headline(given, 'pt-BR')).toBe(
      'Não dá para ver nenhum builder: você não consegue ler /etc/nix/machines',
    )
  })

  it('for local says why', () => {
    const given = snapshot({ builders: [builder([silent])] })
    expect(headline(given, 'en')).toBe('Builds run on this laptop: desktop does not answer')
    expect(headline(given, 'pt-BR')).toBe('Os builds rodam neste laptop: desktop não responde')
  })

  it('names all builders that are in use, and not the one that is down', () => {
    const other = builder([{ ...silent, params: { host: 'attic' } }], { host: 'attic' })
    const text = headline(snapshot({ builders: [builder(), builder([], { host: 'barn' }), other] }), 'en')
    expect(text).toBe('Builds run on desktop, barn, but: attic does not answer')
  })

  it('of a state without a cause ends before the colon', () => {
    const broken = { ...snapshot(), overall: 'degraded' } as const
    expect(headline(broken, 'en')).toBe('Builds run on desktop')
    expect(headline({ ...broken, overall: 'local' }, 'en')).toBe('Builds run on this laptop')
    expect(headline({ ...broken, overall: 'blocked' }, 'pt-BR')).toBe('Os builds vão falhar')
  })

  it('does not fill a name that came from outside a second time', () => {
    const odd = builder([], { host: '{reason}' })
    expect(headline(snapshot({ builders: [odd] }), 'en')).toBe('Builds run on {reason}')
  })
})

describe('the causes', () => {
  const codes = (given: Parameters<typeof causesOf>[0]) => causesOf(given).map((cause) => cause.code)

  it('are none when all is well', () => expect(codes(snapshot())).toEqual([]))

  it('come in the order that matters: what decided, other failures, warnings, unproven, advice', () => {
    const given = snapshot({
      builders: [
        builder([refused]),
        builder([check('builder-key', 'unknown', 'laptop.builder-pubkey-missing')], { host: 'b' }),
        builder([unknownKey], { host: 'c' }),
      ],
      caches: [cache([deadCache])],
      laptop: laptop([noFallback, check('nix-config', 'fail', 'laptop.distributed-builds-off')]),
    })
    expect(codes(given)).toEqual([
      'laptop.distributed-builds-off',
      'ssh.key-refused',
      'cache.port-closed',
      'ssh.host-key-unknown',
      'laptop.builder-pubkey-missing',
      'laptop.no-fallback',
    ])
  })

  it('are each told once, though builder and cache both meet them', () => {
    const more = check('cache-info', 'fail', 'net.timeout', { host: 'desktop', url: 'http://desktop:5000' })
    expect(codes(snapshot({ builders: [builder([silent])], caches: [cache([more])] }))).toEqual([
      'net.timeout',
    ])
  })

  it('of two desktops are told for each', () => {
    const other = { ...silent, params: { host: 'attic' } }
    expect(
      codes(snapshot({ builders: [builder([silent]), builder([other], { host: 'attic' })] })),
    ).toHaveLength(2)
  })
})
