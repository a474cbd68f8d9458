// What offload-status prints: plain text, JSON, waybar's line, colours, and the exit code.
import { describe, expect, it } from 'vitest'
import { exitCodeOf } from '../../../src/cli/status/exit-code.ts'
import { statusJson } from '../../../src/cli/status/json.ts'
import { choosePaint, colourPaint, plainPaint } from '../../../src/cli/status/paint.ts'
import { ageText, statusText } from '../../../src/cli/status/plain.ts'
import { waybarLine } from '../../../src/cli/status/waybar.ts'
import type { Locale } from '../../../src/shared/locale.ts'
import { messagesFor } from '../../../src/shared/messages/index.ts'
import { overalls, type Snapshot } from '../../../src/shared/status.ts'
import {
  at,
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
} from '../shared/snapshots.ts'

const now = Date.parse(at) + 4000
const text = (given: Snapshot, locale: Locale = 'en') => statusText(given, { locale, paint: plainPaint, now })
const esc = String.fromCharCode(27)
const hostile = `${esc}]0;owned${String.fromCharCode(7)}desk${esc}[31mtop\n✅ Desktop reachable at home\u202e\u009b2J`

describe('the plain text', () => {
  it('of a healthy desktop', () =>
    expect(text(snapshot())).toMatchInlineSnapshot(`
    "📡 Desktop Connection:
    ✅ Desktop reachable at desktop
       ✓ Reachable  OK  12.3 ms

    🔑 SSH Builder Access:
    ✅ SSH builder access working
       ✓ Host key            OK  12.3 ms
       ✓ Builder key         OK  12.3 ms
       ✓ Nix on the desktop  OK  12.3 ms
       ✓ Nix configuration   OK  12.3 ms
       ✓ Builder key file    OK  12.3 ms

    🗄️  Cache Access:
    ✅ Desktop cache accessible
       ✓ Cache answers       OK  12.3 ms
       ✓ Cache signature     OK  12.3 ms
       ✓ Trust in the cache  OK  12.3 ms
       ✓ Fallback            OK  12.3 ms

    Builds run on desktop. Proven 4 s ago.
    "
  `))

  it('of a healthy desktop in Portuguese keeps the three headings', () => {
    expect(text(snapshot(), 'pt-BR')).toMatchInlineSnapshot(`
      "📡 Desktop Connection:
      ✅ Desktop reachable at desktop
         ✓ Acessível  OK  12,3 ms

      🔑 SSH Builder Access:
      ✅ SSH builder access working
         ✓ Chave de host                OK  12,3 ms
         ✓ Chave do builder             OK  12,3 ms
         ✓ Nix no desktop               OK  12,3 ms
         ✓ Configuração do Nix          OK  12,3 ms
         ✓ Arquivo da chave do builder  OK  12,3 ms

      🗄️  Cache Access:
      ✅ Desktop cache accessible
         ✓ O cache responde     OK  12,3 ms
         ✓ Assinatura do cache  OK  12,3 ms
         ✓ Confiança no cache   OK  12,3 ms
         ✓ Alternativa local    OK  12,3 ms

      Os builds rodam em desktop. Comprovado há 4 s.
      "
    `)
  })

  it('of a desktop that does not answer', () => {
    expect(
      text(snapshot({ builders: [builder([silent])], caches: [cache([deadCache])] })),
    ).toMatchInlineSnapshot(`
      "📡 Desktop Connection:
      ❌ Desktop unreachable at desktop
         ✗ Reachable  Failed  12.3 ms

      🔑 SSH Builder Access:
      ❌ SSH builder access failed
         – Host key            Not checked
         – Builder key         Not checked
         – Nix on the desktop  Not checked
         ✓ Nix configuration   OK           12.3 ms
         ✓ Builder key file    OK           12.3 ms

      🗄️  Cache Access:
      ❌ Cache not accessible
         ✗ Cache answers       Failed       12.3 ms
         – Cache signature     Not checked
         ✓ Trust in the cache  OK           12.3 ms
         ✓ Fallback            OK           12.3 ms

      Builds run on this laptop: desktop does not answer. Proven 4 s ago.

      ✗ desktop does not answer → ping -c 3 desktop
        Wake desktop, and check that both machines are on the same network.
      ✗ no cache listens on desktop, port 5000 → on desktop: sudo systemctl restart nix-serve
        Start the cache service on desktop.
      "
    `)
  })

  it('of a refused key, in Portuguese', () => {
    expect(text(snapshot({ builders: [builder([refused])] }), 'pt-BR')).toMatchInlineSnapshot(`
      "📡 Desktop Connection:
      ✅ Desktop reachable at desktop
         ✓ Acessível  OK  12,3 ms

      🔑 SSH Builder Access:
      ❌ SSH builder access failed
         ✓ Chave de host                OK              12,3 ms
         ✗ Chave do builder             Falhou          12,3 ms
         – Nix no desktop               Não verificado
         ✓ Configuração do Nix          OK              12,3 ms
         ✓ Arquivo da chave do builder  OK              12,3 ms

      🗄️  Cache Access:
      ✅ Desktop cache accessible
         ✓ O cache responde     OK  12,3 ms
         ✓ Assinatura do cache  OK  12,3 ms
         ✓ Confiança no cache   OK  12,3 ms
         ✓ Alternativa local    OK  12,3 ms

      Os builds rodam neste laptop: desktop não aceita a chave do builder. Comprovado há 4 s.

      ✗ desktop não aceita a chave do builder → offload-repair apply --builder desktop
        Inclua a linha de /etc/nix/builder_key.pub nas chaves autorizadas de nix-builder em desktop; no NixOS, em users.users.nix-builder.openssh.authorizedKeys.keys.
      "
    `)
  })

  it('of an unknown host key and no fallback', () => {
    const unknown = builder([
      unknownKey,
      { ...check('builder-key', 'unknown'), note: 'host-key-first' },
      { ...check('remote-nix', 'unknown'), note: 'needs-test-build' },
    ])
    expect(text(snapshot({ builders: [unknown], laptop: laptop([noFallback]) }))).toMatchInlineSnapshot(`
      "📡 Desktop Connection:
      ✅ Desktop reachable at desktop
         ✓ Reachable  OK  12.3 ms

      🔑 SSH Builder Access:
      ❔ SSH builder access not proven yet
         ! Host key            Warning         12.3 ms
         ? Builder key         Not proven yet  12.3 ms  Nothing was sent: the host key is not trusted yet.
         ? Nix on the desktop  Not proven yet  12.3 ms  Only a test build can prove this, because the builder key belongs to root.
         ✓ Nix configuration   OK              12.3 ms
         ✓ Builder key file    OK              12.3 ms

      🗄️  Cache Access:
      ✅ Desktop cache accessible
         ✓ Cache answers       OK       12.3 ms
         ✓ Cache signature     OK       12.3 ms
         ✓ Trust in the cache  OK       12.3 ms
         ! Fallback            Warning  12.3 ms

      Builds run on desktop, but: the host key of desktop is not known yet. Proven 4 s ago.

      ! the host key of desktop is not known yet → on desktop: for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done
        Compare SHA256:abc with what the command prints on desktop, then trust it here.
      ! a dead cache could stop your builds → nix --extra-experimental-features nix-command show-config | grep '^fallback ='
        Set fallback = true in nix.conf; on NixOS, nix.settings.fallback = true.
      "
    `)
  })

  it('of two desktops, one down, names each', () => {
    const attic = builder([{ ...silent, params: { host: 'attic' } }], { host: 'attic' })
    expect(text(snapshot({ builders: [builder(), attic] }))).toMatchInlineSnapshot(`
      "📡 Desktop Connection:
      ✅ Desktop reachable at desktop
      ❌ Desktop unreachable at attic
         ✓ desktop: Reachable  OK      12.3 ms
         ✗ attic: Reachable    Failed  12.3 ms

      🔑 SSH Builder Access:
      ✅ SSH builder access working (desktop)
      ❌ SSH builder access failed (attic)
         ✓ desktop: Host key            OK           12.3 ms
         ✓ desktop: Builder key         OK           12.3 ms
         ✓ desktop: Nix on the desktop  OK           12.3 ms
         – attic: Host key              Not checked
         – attic: Builder key           Not checked
         – attic: Nix on the desktop    Not checked
         ✓ Nix configuration            OK           12.3 ms
         ✓ Builder key file             OK           12.3 ms

      🗄️  Cache Access:
      ✅ Desktop cache accessible
         ✓ Cache answers       OK  12.3 ms
         ✓ Cache signature     OK  12.3 ms
         ✓ Trust in the cache  OK  12.3 ms
         ✓ Fallback            OK  12.3 ms

      Builds run on desktop, but: attic does not answer. Proven 4 s ago.

      ✗ attic does not answer → ping -c 3 attic
        Wake attic, and check that both machines are on the same network.
      "
    `)
  })

  it('of a laptop without a builder', () => {
    const none = laptop([check('nix-config', 'fail', 'laptop.no-builder')])
    expect(text(snapshot({ builders: [], caches: [], laptop: none }))).toMatchInlineSnapshot(`
      "📡 Desktop Connection:
      ➖ No desktop configured

      🔑 SSH Builder Access:
      ➖ No SSH builder configured
         ✗ Nix configuration  Failed  12.3 ms
         ✓ Builder key file   OK      12.3 ms

      🗄️  Cache Access:
      ➖ No desktop cache in use
         ✓ Trust in the cache  OK  12.3 ms
         ✓ Fallback            OK  12.3 ms

      No builder is set up yet. Proven 4 s ago.

      ✗ no builder is set up → cat /etc/nix/machines
        Add your desktop to /etc/nix/machines (offload-repair laptop --first nix-builder@DESKTOP shows the line and writes it); on NixOS, set nix.buildMachines and nix.distributedBuilds = true.
      "
    `)
  })

  it.each([
    ['✅ Desktop reachable at 192.168.15.7', snapshot({ builders: [builder([], { host: '192.168.15.7' })] })],
    ['❌ Desktop unreachable at desktop', snapshot({ builders: [builder([silent])] })],
    ['✅ SSH builder access working', snapshot()],
    ['❌ SSH builder access failed', snapshot({ builders: [builder([silent])] })],
    ['❌ SSH builder access failed', snapshot({ builders: [builder([refused])] })],
    [
      '❌ SSH builder access failed',
      snapshot({
        builders: [builder([check('remote-nix', 'fail', 'nix.not-trusted', { host: 'desktop', user: 'u' })])],
      }),
    ],
    ['✅ Desktop cache accessible', snapshot()],
    ['❌ Cache not accessible', snapshot({ caches: [cache([deadCache])] })],
    [
      '❌ Cache not accessible',
      snapshot({ caches: [cache([check('cache-signature', 'fail', 'cache.unsigned', { url: 'u' })])] }),
    ],
  ])('says exactly: %s', (line, given) => {
    for (const locale of ['en', 'pt-BR'] as const) {
      const lines = text(given, locale).split('\n')
      expect(lines).toContain(line)
      expect(lines.filter((one) => /^(📡|🔑|🗄️)/u.test(one))).toEqual([
        '📡 Desktop Connection:',
        '🔑 SSH Builder Access:',
        '🗄️  Cache Access:',
      ])
    }
  })

  it('lets no server act on the terminal, nor write lines of its own', () => {
    const given = snapshot({
      builders: [builder([{ ...silent, params: { host: hostile } }], { host: hostile })],
      caches: [cache([{ ...deadCache, params: { url: hostile, host: hostile, port: 1 }, detail: hostile }])],
    })
    const shown = text(given)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    expect(shown.split('\n').filter((line) => line.startsWith('✅ Desktop reachable'))).toEqual([])
  })
})

describe('colours', () => {
  it('are shown on a terminal only, and not where they are not wanted', () => {
    expect(choosePaint(true, {}, true)).toBe(colourPaint)
    expect(choosePaint(false, {}, true)).toBe(plainPaint)
    expect(choosePaint(true, { NO_COLOR: '1' }, true)).toBe(plainPaint)
    expect(choosePaint(true, { NO_COLOR: '' }, true)).toBe(colourPaint)
    expect(choosePaint(true, { TERM: 'dumb' }, true)).toBe(plainPaint)
    expect(choosePaint(true, {}, false)).toBe(plainPaint)
  })

  it('say nothing that the words do not', () => {
    const given = snapshot({ builders: [builder([refused])] })
    const coloured = statusText(given, { locale: 'en', paint: colourPaint, now })
    expect(coloured).toContain(`${esc}[31m`)
    expect(coloured.replaceAll(new RegExp(`${esc}\\[\\d+m`, 'g'), '')).toBe(text(given))
  })
})

describe('an age', () => {
  const words = messagesFor('en')
  it.each([
    [-5, '0 s'],
    [4000, '4 s'],
    [89_000, '89 s'],
    [90_000, '2 min'],
    [5_399_000, '90 min'],
    [7_200_000, '2 h'],
  ])('of %d ms is %s', (ms, shown) => expect(ageText(ms, words)).toBe(shown))
})

describe('the JSON', () => {
  it('is one line with the documented keys in their order', () => {
    const line = statusJson(snapshot({ builders: [builder([refused])] }))
    const read = JSON.parse(line)
    expect(line).not.toContain('\n')
    expect(Object.keys(read)).toEqual(['schema', 'at', 'overall', 'builders', 'caches', 'laptop'])
    expect(Object.keys(read.builders[0])).toEqual(['id', 'uri', 'host', 'port', 'user', 'slots', 'checks'])
    expect(read.builders[0].checks[2]).toEqual(refused)
    expect(Object.keys(read.builders[0].checks[2])).toEqual(['id', 'state', 'cause', 'params', 'ms', 'at'])
    expect(read).toMatchObject({ schema: 1, overall: 'local', caches: [{ url: 'http://desktop:5000' }] })
  })

  it('carries what a server said, but as plain text for a terminal', () => {
    const given = snapshot({ caches: [cache([{ ...deadCache, detail: hostile }])] })
    const line = statusJson(given)
    expect(JSON.parse(line).caches[0].checks[0].detail).toBe(hostile)
    expect(line).not.toMatch(/\p{Cc}|\p{Cf}/u)
  })
})

describe('waybar’s line', () => {
  it('has its four keys', () => {
    expect(JSON.parse(waybarLine(snapshot(), 'en'))).toEqual({
      text: '✓',
      tooltip: 'Builds run on desktop',
      class: 'ready',
      percentage: 0,
    })
  })

  it('counts slots while building', () => {
    const busy = builder([], { slots: { busy: 1, max: 4 } })
    expect(JSON.parse(waybarLine(snapshot({ builders: [busy] }), 'en'))).toMatchObject({
      text: '⚙ 1/4',
      class: 'building',
      percentage: 25,
    })
    // Rows that were taken out of the machines file may still build.
    const full = builder([], { slots: { busy: 6, max: 4 } })
    expect(JSON.parse(waybarLine(snapshot({ builders: [full] }), 'en'))).toMatchObject({ percentage: 100 })
  })

  it('tells each cause once, and nothing is read as markup', () => {
    const odd = { ...silent, params: { host: '<b>a&b' } }
    const given = snapshot({ builders: [builder([odd])], caches: [cache([deadCache])] })
    const { tooltip } = JSON.parse(waybarLine(given, 'en'))
    expect(tooltip.split('\n')).toHaveLength(2)
    expect(tooltip).toContain('&lt;b&gt;a&amp;b')
    expect(tooltip).not.toContain('<')
  })
})

describe('the exit code', () => {
  it('is the documented one for each Overall', () => {
    expect(Object.fromEntries(overalls.map((one) => [one, exitCodeOf(one)]))).toEqual({
      ready: 0,
      building: 0,
      degraded: 1,
      checking: 1,
      paused: 1,
      local: 3,
      blocked: 3,
      unconfigured: 4,
    })
  })
})
