// Words of other machines lose what a terminal acts on, and keep what can be read.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cleanText } from '../../../../src/core/desktop/clean-text.ts'

describe('words of another machine', () => {
  it('lose their colours, titles and cursor movements', () => {
    expect(cleanText('\x1b[31;1merror:\x1b[0m no \x1b]0;owned\x07route\x1b[2J')).toBe('error: no route')
  })

  it('lose what turns their reading direction or hides', () => {
    expect(cleanText('a\u202eb\u2066c\u200bd\u2028e\0f')).toBe('abcdef')
  })

  it('keep their lines and letters', () => {
    expect(cleanText('olá\r\n\twörld 日本')).toBe('olá\n\twörld 日本')
  })

  it('lose the password of a URL and what access-tokens hold, and keep a user alone', () => {
    const said =
      "unable to download 'http://me:se@cret@desktop:5000/x': 401\nin line 'access-tokens = github.com=ghp_x' of ssh-ng://b@desktop:22/?a=b@c"
    expect(cleanText(said)).toBe(
      "unable to download 'http://me:…@desktop:5000/x': 401\nin line 'access-tokens = …' of ssh-ng://b@desktop:22/?a=b@c",
    )
    const started = performance.now()
    for (const hostile of ['a.'.repeat(50_000), 'http://'.repeat(20_000), `a://${'b:'.repeat(50_000)}`])
      cleanText(hostile, 100_000)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it('are cut to the limit, with a sign that they were', () => {
    expect(cleanText('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`)
    expect(cleanText(Buffer.alloc(10_000_000, 'y'), 10)).toHaveLength(10)
  })

  it('are safe whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const text = cleanText(Buffer.from(bytes), 100)
        expect(text.length).toBeLessThanOrEqual(100)
        expect(text).not.toMatch(/[^\P{Cc}\n\t]|\p{Cf}/u)
      }),
      { numRuns: 1000 },
    )
  })
})
