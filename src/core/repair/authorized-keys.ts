// OpenSSH's authorized_keys (sshd(8), AUTHORIZED_KEYS FILE FORMAT), read as sshd reads it, to say how a key stands there.
// Pure; works on bytes as latin1, so that nothing is lost.

export interface KeyLineFound {
  /** From 1. */
  readonly line: number
  /** "" where the key stands alone. */
  readonly options: string
  /** Behind a "#". */
  readonly commented: boolean
}

/** What only takes things away that Nix does not need, or adds none that hurt. */
const harmless =
  /^(restrict|no-[a-z0-9-]+|agent-forwarding|port-forwarding|pty|user-rc|x11-forwarding|environment=.*|permitopen=.*|permitlisten=.*)$/i
/** Where these say no, sshd goes on to the next line of the same key; the others decide. */
const skippable = /^(from|expiry-time)=/i

/** Every line that names the key, in order. */
export function findKey(text: string, type: string, blob: string): readonly KeyLineFound[] {
  return text.split('\n').flatMap((raw, index) => {
    const trimmed = raw.replace(/\r$/, '').replace(/^[ \t]+/, '')
    const commented = trimmed.startsWith('#')
    const body = commented ? trimmed.replace(/^[#\s]+/, '') : trimmed
    if (isKey(body, type, blob)) return [{ line: index + 1, options: '', commented }]
    const end = endOfOptions(body)
    if (end > 0 && isKey(body.slice(end), type, blob))
      return [{ line: index + 1, options: body.slice(0, end), commented }]
    return []
  })
}

export type KeyStanding =
  | { readonly state: 'works'; readonly line: number }
  | { readonly state: 'restricted'; readonly line: number; readonly options: string }
  | { readonly state: 'commented' | 'absent' }

/** Whether sshd lets the key do what Nix needs, by the line that it would take. */
export function standingOf(lines: readonly KeyLineFound[]): KeyStanding {
  const live = lines.filter((one) => !one.commented)
  for (const { line, options } of live) {
    const each = splitOptions(options)
    if (each.every((one) => harmless.test(one))) return { state: 'works', line }
    if (each.some((one) => !harmless.test(one) && !skippable.test(one)))
      return { state: 'restricted', line, options }
  }
  const [first] = live
  if (first !== undefined) return { state: 'restricted', line: first.line, options: first.options }
  return { state: lines.length > 0 ? 'commented' : 'absent' }
}

/** The text with our line added; a missing final newline stays missing (see keys.sh). */
export function withLine(text: string, line: string): string {
  return text === '' || text.endsWith('\n') ? `${text}${line}\n` : `${text}\n${line}`
}

/** The text with one line replaced, its ending kept. */
export function withReplaced(text: string, number: number, line: string): string {
  const lines = text.split('\n')
  const old = lines[number - 1] ?? ''
  lines[number - 1] = old.endsWith('\r') ? `${line}\r` : line
  return lines.join('\n')
}

function isKey(text: string, type: string, blob: string): boolean {
  const [first, second] = text.replace(/^[ \t]+/, '').split(/[ \t]+/)
  return first === type && second === blob
}

function endOfOptions(text: string): number {
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (!quoted && (char === ' ' || char === '\t')) return at
    if (char === '\\' && text[at + 1] === '"') at++
    else if (char === '"') quoted = !quoted
  }
  return text.length
}

function splitOptions(options: string): readonly string[] {
  return options === '' ? [] : (options.match(/(?:[^,"\\]|\\.|"(?:[^"\\]|\\.)*"|")+/g) ?? [])
}
