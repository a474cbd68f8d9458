// A link that dies without a word in the middle of a repair: packets vanish both ways, and nobody hangs up.
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type Lab, openLab } from '../lab/lab.ts'
import { bytesOn, keysPath, repair, withPassword } from './repair-cli.ts'

/** A program of the desktop that is made slow at one point: it notes that it came there, and waits for the cut and longer. */
interface Point {
  readonly where: string
  /** The program that is made slow, and how its call is known. */
  readonly program: string
  readonly call: string
  /** May the key be there after the cut? The script that holds all it needs goes on to its end. */
  readonly finishes: boolean
}

const points: readonly Point[] = [
  { where: 'while the password is judged', program: 'pam', call: '*', finishes: false },
  { where: 'while the desktop is looked at', program: 'getent', call: 'passwd*', finishes: false },
  { where: 'before sudo asks', program: 'sudo', call: '-S*', finishes: false },
  {
    where: 'under the lock, with the new file half made',
    program: 'sync',
    call: '*offload-new*',
    finishes: true,
  },
]

/** All at once, each on a desktop of its own: what takes long is the silence. */
let lab: Lab
beforeAll(async () => {
  lab = await openLab({ id: `repair-link-${process.pid}`, desktops: points.length })
  for (const [n, point] of points.entries()) {
    await lab.break('keys-crlf', { desktop: n + 1 })
    await makeSlow(point, n + 1)
  }
})
afterAll(() => lab?.down())

const on = (desktop: number, script: string, ...words: string[]) =>
  lab.onDesktop(['sh', '-c', script, 'sh', ...words], { desktop })

async function makeSlow({ program, call }: Point, desktop: number): Promise<void> {
  const wait = 'touch /tmp/lab-came-here; until [ -e /tmp/lab-is-cut ]; do sleep 0.05; done; sleep 2'
  const slow = `#!/bin/sh\ncase "$*" in ${call}) ${wait} ;; esac\nexec /usr/bin/${program} "$@"\n`
  if (program === 'pam') {
    await on(
      desktop,
      `printf '#!/bin/sh\\n${wait}\\n' >/usr/local/bin/slow; chmod 755 /usr/local/bin/slow; sed -i '1i auth optional pam_exec.so quiet /usr/local/bin/slow' /etc/pam.d/sshd`,
    )
  } else
    await on(desktop, 'printf %s "$2" >"/usr/local/bin/$1"; chmod 755 "/usr/local/bin/$1"', program, slow)
}
const makeFast = (desktop: number) =>
  on(
    desktop,
    `rm -f /usr/local/bin/*; sed -i '/pam_exec/d' /etc/pam.d/sshd; rm -f /tmp/lab-came-here /tmp/lab-is-cut`,
  )

/** Returns once the slow program runs. Vanish: no RST, no FIN, no word, either way. */
async function cutThere(desktop: number): Promise<void> {
  await on(
    desktop,
    'timeout 60 sh -c "until [ -e /tmp/lab-came-here ]; do sleep 0.02; done" && iptables -I INPUT -s "$1" -j DROP && iptables -I OUTPUT -d "$1" -j DROP && touch /tmp/lab-is-cut',
    lab.state.laptop.address,
  )
}
const join = (desktop: number) =>
  on(
    desktop,
    'iptables -D INPUT -s "$1" -j DROP; iptables -D OUTPUT -d "$1" -j DROP',
    lab.state.laptop.address,
  )

const leftovers = `find /var/lib/nix-builder/.ssh -name '*offload*' ! -name '*backup*'; pgrep -u root -af '^sh -s' || :`

describe('a link whose packets vanish', () => {
  it.concurrent.for(points.map((point, n) => ({ ...point, desktop: n + 1 })))(
    '$where ends as a lost connection; the file is the old or the new one; and running again goes on',
    { timeout: 240_000 },
    // At once with the others: `expect.poll` must know whose it is.
    async ({ desktop, ...point }, { expect }) => {
      const old = await bytesOn(lab, keysPath, desktop)
      const name = lab.state.desktops[desktop - 1]?.name ?? ''
      const { secrets = [] } = withPassword(lab)
      const args = [
        '--builder',
        name,
        '--admin',
        `${lab.state.admin.user}@${name}`,
        '--password-stdin',
        '--sudo-password-stdin',
        '--yes',
        '--no-test-build',
      ]
      const run = () => repair(lab, 'apply', { args, secrets, unforgiven: true })
      const running = run()
      await cutThere(desktop)
      const cutAt = performance.now()
      const ran = await running
      expect(ran, ran.said).toMatchObject({ code: 1, ok: false, cause: 'net.connection-lost' })
      // 25 s for a password that is being judged, 20 s for all else; and the time to see it.
      expect(performance.now() - cutAt).toBeLessThan(60_000)
      // The link is still dead: what the desktop has left by itself.
      await expect.poll(async () => (await on(desktop, leftovers)).stdout).toBe('')
      const now = await bytesOn(lab, keysPath, desktop)
      if (point.finishes)
        expect(Buffer.from(now.slice(old.length), 'hex').toString()).toMatch(
          /^restrict ssh-ed25519 \S+ \S+\n$/,
        )
      expect(now.startsWith(old)).toBe(true)
      if (!point.finishes) expect(now).toBe(old)
      await makeFast(desktop)
      await join(desktop)
      const again = await run()
      expect(again, again.said).toMatchObject({ code: 0, ok: true })
      expect(again.steps).toEqual(point.finishes ? [] : ['push-key done'])
    },
  )
})
