// What strangers write is shown without what could mislead the eye.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainLine, plainText } from '../../../src/renderer/plain.ts'

describe('plainText', () => {
  it('drops terminal escapes and control characters, and keeps lines and tabs', () => {
    expect(plainText('\u001b[1;31mred\u001b[0m\tx\r\n\u001b]0;title\u0007next\u0000')).toBe('red\tx\nnext')
  })

  it('shows a replacement for what is invisible or turns the direction', () => {
    expect(plainText('desk\u202etop\u200b')).toBe('desk\ufffdtop\ufffd')
  })

  it('cuts what is too long, and says so', () => {
    expect(plainText('x'.repeat(11), 10)).toBe(`${'x'.repeat(10)}…`)
  })

  it('never lets a control or direction character through, whatever it is given', () => {
    const noise = fc.string({
      unit: fc.constantFrom('\u001b', '[', ']', '\u0007', '\u009b', '\u202e', '\u0000', 'a', ';', '\\', '\n'),
    })
    fc.assert(
      fc.property(noise, (text) => {
        expect([...plainText(text)].every((sign) => 'a[];\\\n\ufffd'.includes(sign))).toBe(true)
      }),
    )
  })
})

describe('plainLine', () => {
  it('makes one line', () => {
    expect(plainLine('  a\n b\t c ')).toBe('a b c')
  })
})
