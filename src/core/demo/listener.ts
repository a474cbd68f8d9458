// A TCP port on 127.0.0.1 that can be open, closed or silent (packets dropped), always under the same number.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'

export type PortState = 'open' | 'closed' | 'silent'

export interface Listener {
  readonly port: number
  /** Resolves once the state holds; connections that were open are cut. */
  set(state: PortState): Promise<void>
  /** Closes it and gives its number back. */
  stop(): Promise<void>
}

const host = '127.0.0.1'

/** Starts open on a random port; every connection goes to `onConnection`. Rejects where no port can be had. */
export async function startListener(onConnection: (socket: Socket) => void): Promise<Listener> {
  const { port, giveBack } = await keepPort()
  let close = await listen(port, onConnection)
  let state: PortState = 'open'
  const set = async (next: PortState) => {
    if (next === state) return
    await close()
    state = 'closed'
    if (next === 'open') close = await listen(port, onConnection)
    else if (next === 'silent') close = await listenWithoutAccepting(port)
    else close = async () => {}
    state = next
  }
  const stop = async () => {
    await set('closed')
    giveBack()
  }
  return { port, set, stop }
}

/** A random port that no other program is given, listened to or not: an open connection of our own holds its number. */
async function keepPort(): Promise<{ readonly port: number; giveBack(): void }> {
  const server = createServer()
  await listening(server, 0)
  const { port } = server.address() as AddressInfo
  const near = connect({ port, host }).on('error', () => {})
  const [far] = (await once(server, 'connection')) as [Socket]
  far.on('error', () => {})
  server.close()
  for (const end of [near, far]) end.unref()
  return {
    port,
    giveBack() {
      // In this order the kernel lets the number rest for a minute: what is known of it here is old by then.
      far.destroy()
      near.destroy()
    },
  }
}

type Close = () => Promise<void>

async function listening(server: Server, port: number): Promise<void> {
  server.listen({ port, host })
  await once(server, 'listening')
}

async function listen(port: number, onConnection: (socket: Socket) => void): Promise<Close> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    // The other side may hang up at any time: that is its right, and no fault of the demo.
    socket.on('error', () => {})
    socket.setNoDelay(true)
    onConnection(socket)
  })
  await listening(server, port)
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
}

// Node accepts every connection that comes; a thread that listens and then sleeps does not. Once the kernel's short queue
// is full, Linux drops further SYNs (net.ipv4.tcp_abort_on_overflow is 0): the port is silent, with no privilege needed.
const sleepingServer = `
const { workerData, parentPort } = require('node:worker_threads')
require('node:net').createServer().listen({ port: workerData.port, host: workerData.host, backlog: 1 }, () => {
  parentPort.postMessage('listening')
  Atomics.wait(new Int32Array(workerData.wake), 0, 0)
  process.exit()
})`

async function listenWithoutAccepting(port: number): Promise<Close> {
  const wake = new SharedArrayBuffer(4)
  const worker = new Worker(sleepingServer, { eval: true, workerData: { port, host, wake } })
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  await new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', resolve)
  })
  const fillers = await fillQueue(port)
  return async () => {
    for (const socket of fillers) socket.destroy()
    Atomics.store(new Int32Array(wake), 0, 1)
    Atomics.notify(new Int32Array(wake), 0)
    await ended
  }
}

/** Connects until one connection hangs: from then on everybody's does. A stalled process sees the late timer first. */
async function fillQueue(port: number): Promise<readonly Socket[]> {
  const fillers: Socket[] = []
  for (let count = 0; count < 16; count += 1) {
    const socket = connect({ port, host })
    socket.on('error', () => {})
    fillers.push(socket)
    const connected = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => setImmediate(() => resolve(false)), 100)
      socket.once('connect', () => {
        clearTimeout(timer)
        resolve(true)
      })
    })
    if (!connected) return fillers
  }
  return fillers
}
