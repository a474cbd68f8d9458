// A small HTTP server on loopback that serves one file, and cuts the connection where a test wants it.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  path: string
  range: string | undefined
}

export type Answerer = (asked: Asked, response: ServerResponse, request: IncomingMessage) => void

/** Starts the server; `asked` fills with the requests it saw. */
export async function serve(
  answer: Answerer,
): Promise<{ url: string; asked: Asked[]; stop: () => Promise<void> }> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const one = { path: request.url ?? '', range: request.headers.range }
    asked.push(one)
    answer(one, response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, stop }
}

/** Sends `body` from the asked range on, and breaks the connection after `cutAfter` bytes of it. */
export function sendRange(asked: Asked, response: ServerResponse, body: Buffer, cutAfter?: number): void {
  const from = Number(/^bytes=(\d+)-$/.exec(asked.range ?? '')?.[1] ?? 0)
  if (from >= body.length) {
    response.writeHead(416).end()
    return
  }
  const rest = body.subarray(from)
  const headers = { 'content-length': rest.length }
  const range = { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` }
  response.writeHead(asked.range ? 206 : 200, asked.range ? { ...headers, ...range } : headers)
  if (cutAfter === undefined || cutAfter >= rest.length) {
    response.end(rest)
    return
  }
  response.write(rest.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 20))
}

export const sha512 = (body: Buffer) => createHash('sha512').update(body).digest('base64')
