// The desktop's binary cache on port 5000 and its signing key.
import type { Fault } from './fault.ts'

const serve = { on: 'desktop', resource: 'nix-serve', mend: 'cache_well' } as const

const takePort5000 = (program: string): string => `systemctl stop nix-serve
  impostor lab-cache-impostor 5000 '${program}'`

/** An HTTP server that gives every path the same answer. */
const web = (status: number, body: string): string => `
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"${body}"
        self.send_response(${status})
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    do_HEAD = do_GET
ThreadingHTTPServer(("", 5000), Page).serve_forever()
`

export const cacheFaults: readonly Fault[] = [
  {
    ...serve,
    name: 'cache-stopped',
    about: 'nix-serve is not running: port 5000 refuses',
    causes: ['cache.port-closed', 'desktop.cache-service-down'],
    break: 'systemctl stop nix-serve',
  },
  {
    ...serve,
    name: 'cache-silent',
    about: 'port 5000 accepts and never answers (nix-serve whose workers crash)',
    causes: ['cache.timeout'],
    break: takePort5000(`
import socket
listener = socket.create_server(("", 5000), backlog=64)
peers = []
while True:
    peers.append(listener.accept())
`),
  },
  {
    ...serve,
    name: 'cache-narinfo-500',
    about: 'the secret key cannot be read by nix-serve: cache-info answers, every narinfo is a 500',
    causes: ['cache.narinfo-error', 'desktop.cache-key-permissions'],
    break: 'chown root:root /var/cache-priv-key.pem; chmod 600 /var/cache-priv-key.pem',
  },
  {
    ...serve,
    name: 'cache-key-malformed',
    about: 'the secret key file holds no key: every narinfo is a 500',
    causes: ['cache.narinfo-error', 'desktop.cache-key-invalid'],
    break: `echo 'not a key' >/var/cache-priv-key.pem`,
  },
  {
    ...serve,
    name: 'cache-key-missing',
    about: 'the secret key file is gone: every narinfo is a 500',
    causes: ['cache.narinfo-error', 'desktop.cache-key-missing'],
    break: 'rm -f /var/cache-priv-key.pem',
  },
  {
    ...serve,
    name: 'cache-http-503',
    about: 'a proxy answers 503 to everything',
    causes: ['cache.http-error'],
    break: takePort5000(web(503, 'Service Unavailable')),
  },
  {
    ...serve,
    name: 'cache-not-a-cache',
    about: 'a web server that is no cache: 404 for everything',
    causes: ['cache.not-a-cache'],
    break: takePort5000(web(404, '<html><title>404 Not Found</title></html>')),
  },
  {
    ...serve,
    name: 'cache-captive',
    about: 'a web page for every address, as of a router or a login portal',
    causes: ['cache.not-a-cache'],
    break: takePort5000(web(200, '<html><title>Welcome</title></html>')),
  },
  {
    ...serve,
    name: 'cache-other-store-dir',
    about: 'the cache serves another store folder',
    causes: ['cache.store-dir-mismatch'],
    break: `cache_env 'Environment=LAB_STORE_DIR=/home/me/nix/store'`,
  },
  {
    ...serve,
    name: 'cache-unsigned',
    about: 'nix-serve runs without a key: narinfos carry no signature',
    causes: ['cache.unsigned'],
    break: `cache_env 'UnsetEnvironment=NIX_SECRET_KEY_FILE'`,
  },
  {
    ...serve,
    name: 'cache-unknown-key',
    about: 'it signs under a name that the laptop does not know',
    causes: ['cache.signature-untrusted'],
    break: 'signing_key elsewhere.local-1',
  },
  {
    ...serve,
    name: 'cache-regenerated',
    about: 'a new key under the old name',
    causes: ['cache.signature-invalid'],
    break: 'signing_key "$(cut -d: -f1 /var/lib/offload-lab-golden/var/cache-pub-key.pem)"',
  },
]
