// Good bytes made bad: a few places cut and filled with chance.
import fc from 'fast-check'

/** `good` with one to four edits, each cutting up to `cut` bytes and putting in up to `put` others. */
export function mutated(good: Buffer, cut: number, put: number): fc.Arbitrary<Buffer> {
  const edit = fc.record({
    at: fc.nat(good.length),
    cut: fc.nat(cut),
    put: fc.uint8Array({ maxLength: put }),
  })
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) =>
      edits.reduce<Buffer>(
        (now, one) => Buffer.concat([now.subarray(0, one.at), one.put, now.subarray(one.at + one.cut)]),
        good,
      ),
    )
}
