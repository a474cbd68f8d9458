// The log: one file in the XDG state folder, kept to two of 1 MB, without secrets. For people who report a problem.
import { inspect } from 'node:util'
import electronLog from 'electron-log/node'
import { redact } from './redact.ts'

export interface Log {
  info(...parts: readonly unknown[]): void
  warn(...parts: readonly unknown[]): void
  error(...parts: readonly unknown[]): void
}

/** Writes to `file`, and to the terminal where one is watching. */
export function openLog(file: string): Log {
  const log = electronLog.create({ logId: 'offload-tray' })
  log.transports.file.resolvePathFn = () => file
  log.transports.file.maxSize = 1_000_000
  log.transports.file.level = 'info'
  log.transports.file.format = '{iso} {level} {text}'
  log.transports.console.level = process.stderr.isTTY === true ? 'info' : false
  return {
    info: (...parts) => log.info(line(parts)),
    warn: (...parts) => log.warn(line(parts)),
    error: (...parts) => log.error(line(parts)),
  }
}

function line(parts: readonly unknown[]): string {
  const words = parts.map((part) => (typeof part === 'string' ? part : inspect(part, { depth: 4 })))
  return redact(words.join(' '))
}
