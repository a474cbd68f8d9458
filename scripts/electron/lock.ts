// One maker of a dist at a time. An abstract Unix socket is the lock: the kernel drops it when its owner dies, so none is ever stale.
import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:net'

function tryLock(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen({ path: `\0${name}` }, () => {
      server.unref()
      resolve(server)
    })
  })
}

/**
 * Runs `work` while holding the lock for `folder`; waits for whoever holds it (asks every 300 ms).
 * Calls `onWait` once when it has to wait. Ends in whatever `work` ends in.
 */
export async function withLock<T>(folder: string, work: () => Promise<T>, onWait: () => void): Promise<T> {
  const name = `offload-tray-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`
  let server = await tryLock(name)
  if (!server) onWait()
  while (!server) {
    await new Promise((resolve) => setTimeout(resolve, 300))
    server = await tryLock(name)
  }
  const held = server
  try {
    return await work()
  } finally {
    await new Promise((resolve) => held.close(resolve))
  }
}
