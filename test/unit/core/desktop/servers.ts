// Small real servers on 127.0.0.1 for the tests of core/desktop; each is closed by the test that opened it.
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** A TCP server that treats each connection as told; gives its port. */
export async function tcpServer(onSocket: (socket: Socket) => void | Promise<void>): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    void onSocket(socket)
    // What is never read never ends, and keeps its file descriptor: a thousand of them in some tests.
    socket.resume()
  })
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return listen(server)
}

/** An HTTP server; gives "http://127.0.0.1:PORT". */
export async function httpServer(answer: RequestListener): Promise<string> {
  const server = createHttpServer(answer)
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${await listen(server)}`
}

/** A port nobody listens on, and that nobody else is given as long as this process lives: a connection holds its number. */
export async function closedPort(): Promise<number> {
  const server = createServer()
  const port = await listen(server)
  const near = connect(port, '127.0.0.1')
  const [far] = (await once(server, 'connection')) as [Socket]
  server.close()
  for (const end of [near, far]) end.unref()
  return port
}

/** Writes for ever, as fast as the other side takes it. */
export function pour(socket: Socket, chunk: Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', more)
  more()
}

export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** What the process holds beyond `before`, in bytes, after a collection where that can be asked for. */
export function grownSince(before: number): number {
  globalThis.gc?.()
  return process.memoryUsage().rss - before
}
