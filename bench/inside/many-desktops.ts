// A hundred desktops in a process of their own: light SSH servers on loopback addresses, each with its own host key, each
// answering as late as over a network. Real sshds would fork on the two cores that the checks are measured on.
// Prints the rows of a machines file once all of them listen; ends with its standard input.
import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import ssh2 from 'ssh2'
import { makeSshKey } from '../../src/core/demo/ssh-key.ts'

const count = Number(process.argv[2] ?? 100)
/** From one side to the other, in ms: half of a round trip. */
const delayMs = Number(process.argv[3] ?? 5)
const key = '/etc/nix/builder_key'

const parsed = ssh2.utils.parseKey(readFileSync(`${key}.pub`, 'utf8'))
if (parsed instanceof Error) throw parsed
const builderKey = parsed.getPublicSSH()

/** The socket, with everything that goes through it delayed. */
function delayed(socket: Socket): Duplex {
  const later = (work: () => void) => setTimeout(work, delayMs)
  const far = new Duplex({
    read: () => undefined,
    write: (chunk, _encoding, done) => {
      later(() => socket.write(chunk))
      done()
    },
    final: (done) => {
      later(() => socket.end())
      done()
    },
    destroy: (_error, done) => {
      socket.destroy()
      done(null)
    },
  })
  socket.on('data', (chunk) => later(() => far.push(chunk)))
  socket.on('end', () => later(() => far.push(null)))
  socket.on('error', () => far.destroy())
  socket.on('close', () => far.destroy())
  return far
}

async function desktop(address: string): Promise<string> {
  const hostKey = makeSshKey(`root@${address}`)
  const ssh = new ssh2.Server({ hostKeys: [hostKey.private], ident: 'OpenSSH_10.0 bench' })
  ssh.on('connection', (client) => {
    // Who only asks whether a key would do hangs up in the middle.
    client.on('error', () => undefined)
    client.on('authentication', (context) => {
      const isBuilder = context.method === 'publickey' && context.key.data.equals(builderKey)
      if (isBuilder) context.accept()
      else context.reject(['publickey'])
    })
  })
  const server = createServer((socket) => ssh.injectSocket(delayed(socket) as Socket))
  await new Promise<void>((resolve) => server.listen(22, address, resolve))
  const pinned = Buffer.from(hostKey.public).toString('base64')
  return `ssh-ng://nix-builder@${address} x86_64-linux ${key} 1 1 - - ${pinned}`
}

const rows = await Promise.all(Array.from({ length: count }, (_, at) => desktop(`127.0.1.${at + 1}`)))
console.log(JSON.stringify(rows))
process.stdin.on('end', () => process.exit(0)).resume()
