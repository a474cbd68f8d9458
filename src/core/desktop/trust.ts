// Writes a host key that the person trusted by an explicit click into the app's own known_hosts.
import { randomUUID } from 'node:crypto'
import { mkdir, open, realpath, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { bad, good, type Outcome } from '../../shared/outcome.ts'
import { readText, unreadableProblem } from '../laptop/read-text.ts'
import { maxFileBytes } from './host-key.ts'
import { hostsMatch, type KeyPlace, knownHostName, parseKnownHosts } from './known-hosts.ts'
import type { OfferedKey } from './results.ts'

/** One write at a time for each file: two clicks must not lose one of their lines. */
const writing = new Map<string, Promise<unknown>>()

/**
 * Adds the key for host and port (or the alias), in place of the keys the file held for exactly that name before.
 * Every other line stays as it is; the file becomes 0600, a new folder 0700; the change is atomic.
 * Ends in laptop.file-unreadable {file} or laptop.file-unfit {file, what}.
 */
export async function trustHostKey(file: string, address: KeyPlace, key: OfferedKey): Promise<Outcome<void>> {
  const before = writing.get(file)
  const mine = (async () => {
    await before
    return write(file, knownHostName(address), key)
  })()
  writing.set(file, mine)
  try {
    return await mine
  } finally {
    if (writing.get(file) === mine) writing.delete(file)
  }
}

/** The text with the key for `name` added and older keys of exactly that name taken out. Pure. */
export function withHostKey(text: string, name: string, key: OfferedKey): string {
  const parsed = parseKnownHosts(text)
  const replaced = new Map(
    parsed.lines
      .filter((line) => line.marker === 'none')
      .map((line) => [line.line, namesWithout(line.hosts, name)] as const),
  )
  const kept = text.split('\n').flatMap((raw, index) => {
    const hosts = replaced.get(index + 1)
    if (hosts === undefined) return [raw]
    return hosts === '' ? [] : [raw.replace(/^([ \t]*)\S+/, (_, blank: string) => `${blank}${hosts}`)]
  })
  const body = kept.join('\n')
  const line = `${name} ${key.type} ${key.blob.toString('base64')}\n`
  return body === '' || body.endsWith('\n') ? `${body}${line}` : `${body}\n${line}`
}

/** A line's first field without the name; '' where nothing is left. Wildcards and other hashes stay. */
function namesWithout(hosts: string, name: string): string {
  if (hosts.startsWith('|')) return hostsMatch(hosts, name) ? '' : hosts
  const left = hosts.split(',').filter((pattern) => pattern.toLowerCase() !== name)
  return left.join(',')
}

async function write(file: string, name: string, key: OfferedKey): Promise<Outcome<void>> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const target = await realpath(file).catch(() => file)
    const read = await readText(target, maxFileBytes)
    // Replaced whole: what was not read whole would be lost.
    if (read.state === 'unreadable') return { ok: false, problem: unreadableProblem(file, read) }
    if (read.state === 'read' && read.truncated)
      return bad('laptop.file-unreadable', { file }, `more than ${maxFileBytes} bytes`)
    await replaceFile(target, withHostKey(read.state === 'read' ? read.text : '', name, key))
    return good(undefined)
  } catch (error) {
    return bad('laptop.file-unreadable', { file }, String(error))
  }
}

/** Temp file beside the target, flushed, renamed over it: a reader sees the old text or the new one. */
async function replaceFile(target: string, text: string): Promise<void> {
  const temporary = `${target}.${randomUUID()}`
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, target)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}
