// The demo desktop's binary cache: nix-serve's addresses over HTTP, signing for real, misbehaving as real ones do.
import { createServer } from 'node:http'
import { type Listener, startListener } from './listener.ts'
import { type DemoPath, narinfo, type SigningKey } from './signed-path.ts'

export type CacheManner =
  | 'well'
  | 'stopped'
  /** Packets are dropped. */
  | 'dropped'
  /** Accepts, answers nothing: nix-serve with an unreadable key. */
  | 'silent'
  | 'not-a-cache'
  | 'narinfo-500'
  | 'unsigned'
  | 'unknown-key'
  /** Another key under the trusted name. */
  | 'regenerated-key'

export interface CacheKeys {
  readonly trusted: SigningKey
  readonly unknown: SigningKey
  readonly regenerated: SigningKey
}

export interface CacheServer {
  readonly url: string
  readonly port: number
  behave(manner: CacheManner): Promise<void>
  stop(): Promise<void>
}

interface Reply {
  readonly status: number
  readonly type: string
  readonly body: Buffer | string
}

/** Starts on a random port of 127.0.0.1. */
export async function startCacheServer(paths: readonly DemoPath[], keys: CacheKeys): Promise<CacheServer> {
  let manner: CacheManner = 'well'
  const http = createServer((request, response) => {
    if (manner === 'silent') return
    const { status, type, body } = replyTo(request.url ?? '/')
    response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }).end(body)
  })
  const listener: Listener = await startListener((socket) => void http.emit('connection', socket))

  function replyTo(path: string): Reply {
    if (manner === 'not-a-cache') return { status: 200, type: 'text/html', body: website }
    if (path === '/nix-cache-info')
      return plain(200, 'StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 30\n')
    const asked = /^\/([0-9a-z]{32})\.narinfo$/.exec(path)?.[1]
    if (asked !== undefined) return narinfoReply(paths.find((one) => one.hash === asked))
    const found = paths.find((one) => path === `/nar/${one.hash}-${one.narHash}.nar`)
    if (found === undefined) return plain(404, 'File not found.\n')
    return { status: 200, type: 'application/x-nix-nar', body: found.nar }
  }

  function narinfoReply(path: DemoPath | undefined): Reply {
    if (path === undefined) return plain(404, 'No such path.\n')
    if (manner === 'narinfo-500') return plain(500, 'Internal Server Error\n')
    return { status: 200, type: 'text/x-nix-narinfo', body: narinfo(path, signingKey(manner, keys)) }
  }

  return {
    url: `http://127.0.0.1:${listener.port}`,
    port: listener.port,
    async behave(next) {
      manner = next
      await listener.set(next === 'stopped' ? 'closed' : next === 'dropped' ? 'silent' : 'open')
    },
    async stop() {
      await listener.stop()
      http.closeAllConnections()
    },
  }
}

const website = '<!doctype html><title>It works!</title><h1>It works!</h1>\n'

function plain(status: number, body: string): Reply {
  return { status, type: 'text/plain', body }
}

function signingKey(manner: CacheManner, keys: CacheKeys): SigningKey | null {
  if (manner === 'unsigned') return null
  if (manner === 'unknown-key') return keys.unknown
  return manner === 'regenerated-key' ? keys.regenerated : keys.trusted
}
