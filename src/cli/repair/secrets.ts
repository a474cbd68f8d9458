// Secrets come from stdin only, a line each, in the order that the flags name them; never from argv or the environment.

export interface Secrets {
  readonly passphrase: string | null
  readonly password: string | null
  readonly sudo: string | null
}

/** More than any password; a pipe that pours for ever is not read further. */
const maxBytes = 64 * 1024

/** Reads as many lines as are asked for; null where stdin ended before. */
export async function readSecrets(
  wanted: { readonly passphrase: boolean; readonly password: boolean; readonly sudo: boolean },
  stdin: AsyncIterable<Buffer | string>,
): Promise<Secrets | null> {
  const count = Number(wanted.passphrase) + Number(wanted.password) + Number(wanted.sudo)
  const lines = count === 0 ? [] : await readLines(stdin, count)
  if (lines.length < count) return null
  const next = (wants: boolean) => (wants ? (lines.shift() ?? null) : null)
  return {
    passphrase: next(wanted.passphrase),
    password: next(wanted.password),
    sudo: next(wanted.sudo),
  }
}

async function readLines(stdin: AsyncIterable<Buffer | string>, count: number): Promise<string[]> {
  let text = ''
  for await (const chunk of stdin) {
    text += chunk.toString()
    if (text.length > maxBytes || text.split('\n').length > count) break
  }
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''))
  // A last line without its newline is a line; the nothing after one is none.
  if (lines.at(-1) === '') lines.pop()
  return lines.slice(0, count)
}
