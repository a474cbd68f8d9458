// The diff that a person reads before a yes: one hunk, three lines around it, and nothing in it that a terminal acts on.
import { describe, expect, it } from 'vitest'
import { shown, unifiedDiff } from '../../../../src/core/repair/diff.ts'

const lines = (...all: readonly string[]) => all.map((line) => `${line}\n`).join('')
const file = lines('1', '2', '3', '4', '5', '6', '7', '8', '9')

describe('a diff', () => {
  it('is nothing where nothing differs', () => {
    expect(unifiedDiff('/f', file, file)).toBe('')
    expect(unifiedDiff('/f', '', '')).toBe('')
  })

  it('shows the change with three lines before and after it, counted as diff -u counts', () => {
    expect(unifiedDiff('/f', file, file.replace('5\n', 'five\nand a half\n'))).toBe(
      lines(
        '--- /f',
        '+++ /f',
        '@@ -2,7 +2,8 @@',
        ' 2',
        ' 3',
        ' 4',
        '-5',
        '+five',
        '+and a half',
        ' 6',
        ' 7',
        ' 8',
      ),
    )
  })

  it('of a new file takes it from nowhere', () => {
    expect(unifiedDiff('/f', null, lines('a', 'b'))).toBe(
      lines('--- /dev/null', '+++ /f', '@@ -0,0 +1,2 @@', '+a', '+b'),
    )
  })

  it('of a file that becomes empty leads to nothing', () => {
    expect(unifiedDiff('/f', lines('a'), '')).toBe(lines('--- /f', '+++ /f', '@@ -1,1 +0,0 @@', '-a'))
  })

  it('tells a newline that is missing at the end', () => {
    expect(unifiedDiff('/f', 'a', lines('a'))).toBe(
      lines('--- /f', '+++ /f', '@@ -1,1 +1,1 @@', '-a', '\\ No newline at end of file', '+a'),
    )
  })

  it('keeps tabs, and shows what acts on a terminal or turns the reading as a picture', () => {
    expect(shown('a\tb\u001b[31m\u202e\u2028c')).toBe('a\tb\ufffd[31m\ufffd\ufffdc')
    expect(shown('x'.repeat(3000))).toBe(`${'x'.repeat(2000)}…`)
  })
})
