// `npm run lab -- …`: the lab for people.
import { spawn } from 'node:child_process'
import { desktopArgv, desktopEnv, laptopArgv, laptopEnv, type Who } from './enter.ts'
import { activeFaults } from './fault.ts'
import { faults } from './faults/table.ts'
import { attachLab, type Lab } from './lab.ts'
import { demand } from './need.ts'
import { labId, type Release, releases } from './places.ts'
import { start } from './start.ts'
import { allLabs, isUp, type LaptopRelease, type Profile, readState, type Scheme } from './state.ts'
import { takeDown } from './stop.ts'

const usage = `A real desktop and a real laptop in namespaces of this machine. LAB_ID names the lab (default: lab).

  lab up [--desktops N] [--scheme ssh-ng|ssh] [--release RELEASE] [--laptop host|RELEASE]
         [--profile ready|bare|nixos] [--bare]
         RELEASE of the desktops (default trixie) or of the laptop: trixie, bookworm, sid
  lab down [--all]
  lab status
  lab faults                                 what can be broken
  lab break FAULT [--desktop N]
  lab mend [FAULT]                           without a name: everything
  lab shell [laptop|root|desktop|desktop2]   laptop = as alice, root = root on the laptop
  lab exec [laptop|root|desktop|desktop2] -- CMD...`

const say = (line: string): void => console.log(line)

/** Takes `--name value` out of args; throws on a value that is not among `allowed`. */
function option<T extends string>(args: string[], name: string, allowed: readonly T[], fallback: T): T {
  const at = args.indexOf(`--${name}`)
  if (at < 0) return fallback
  const [, value] = args.splice(at, 2)
  const known = allowed.find((one) => one === value)
  if (known === undefined) throw new Error(`--${name} is one of: ${allowed.join(', ')}`)
  return known
}

function flag(args: string[], name: string): boolean {
  const at = args.indexOf(`--${name}`)
  if (at >= 0) args.splice(at, 1)
  return at >= 0
}

function running(): Lab {
  const lab = attachLab()
  if (!lab) throw new Error(`the lab "${labId()}" is not up: run \`npm run lab -- up\` first`)
  return lab
}

async function up(args: string[]): Promise<void> {
  demand()
  const id = labId()
  const state = readState(id)
  if (state && isUp(state)) {
    say(`"${id}" is already up (since ${state.startedAt}); \`down\` first for a fresh one`)
    return
  }
  const desktops = Number(option(args, 'desktops', ['1', '2', '3', '4'], '1'))
  const scheme: Scheme = option(args, 'scheme', ['ssh-ng', 'ssh'], 'ssh-ng')
  const release: Release = option(args, 'release', releases, 'trixie')
  const laptopRelease: LaptopRelease = option(args, 'laptop', ['host', ...releases], 'host')
  const profile: Profile = flag(args, 'bare')
    ? 'bare'
    : option(args, 'profile', ['ready', 'bare', 'nixos'], 'ready')
  none(args)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => void takeDown(id).finally(() => process.exit(130)))
  }
  const began = performance.now()
  const { detach } = await start({ id, desktops, scheme, release, laptopRelease, profile, say })
  detach()
  say(`up in ${((performance.now() - began) / 1000).toFixed(1)} s`)
  status([id])
}

function status(ids = allLabs()): void {
  if (ids.length === 0) say('no lab is up')
  for (const id of ids) {
    const state = readState(id)
    if (!state || !isUp(state)) {
      say(`${id}: coming up, or left over from a crash (LAB_ID=${id} npm run lab -- down)`)
      continue
    }
    say(`${id}: up since ${state.startedAt}, Debian ${state.release}, ${state.scheme}, ${state.profile}`)
    say(`  laptop    ${state.laptop.address}  user alice (no privilege), root`)
    for (const { name, address } of state.desktops) {
      say(`  ${name.padEnd(9)} ${address}  admin ${state.admin.user}, password ${state.admin.password}`)
    }
    const broken = activeFaults(state).map((a) =>
      a.desktop > 1 ? `${a.name} (desktop ${a.desktop})` : a.name,
    )
    say(`  broken: ${broken.join(', ') || 'nothing'}`)
  }
}

/** `laptop`, `root`, `desktop`, `desktop2` … -> how to run `argv` there. */
function target(name: string, argv: string[]): { argv: string[]; env: Record<string, string> } {
  const { state } = running()
  const term = { TERM: process.env['TERM'] ?? 'dumb' }
  const laptop = (who: Who) => ({ argv: laptopArgv(state, who, argv, cwdOn(who)), env: laptopEnv(who, term) })
  if (name === 'laptop' || name === 'alice') return laptop('alice')
  if (name === 'root') return laptop('root')
  const number = state.desktops.findIndex((desktop) => desktop.name === name) + 1
  if (number === 0) throw new Error(`"${name}" is no machine of this lab`)
  return { argv: desktopArgv(state, number, argv), env: { ...desktopEnv(), ...term } }
}

/** The checkout is at the same path on the laptop, so `exec root -- npx vitest …` works from where one stands. */
const cwdOn = (who: Who): string | undefined => (who === 'root' ? process.cwd() : undefined)

function hand(where: { argv: string[]; env: Record<string, string> }): Promise<number> {
  const [program = 'false', ...args] = where.argv
  const child = spawn(program, args, { stdio: 'inherit', env: where.env })
  process.on('SIGINT', () => {}) // the terminal sends it to the program inside as well
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 130))
  })
}

function none(args: readonly string[]): void {
  if (args.length > 0) throw new Error(`not understood: ${args.join(' ')}\n\n${usage}`)
}

async function main([command, ...args]: string[]): Promise<number> {
  switch (command) {
    case 'up':
      await up(args)
      return 0
    case 'down': {
      const ids = flag(args, 'all') ? allLabs() : [labId()]
      none(args)
      for (const id of ids) say((await takeDown(id)) ? `"${id}" is down` : `"${id}" was not up`)
      return 0
    }
    case 'status':
      none(args)
      status()
      return 0
    case 'faults':
      for (const fault of faults) say(`${fault.name.padEnd(24)} ${fault.about}`)
      return 0
    case 'break': {
      const desktop = Number(option(args, 'desktop', ['1', '2', '3', '4'], '1'))
      const [name, ...rest] = args
      none(rest)
      if (!name) throw new Error('break what? `npm run lab -- faults` lists them')
      await running().break(name, { desktop })
      return 0
    }
    case 'mend': {
      const [name, ...rest] = args
      none(rest)
      await running().mend(name)
      return 0
    }
    case 'shell':
      return hand(target(args[0] ?? 'laptop', ['bash', '-l']))
    case 'exec': {
      const [first, ...rest] = args
      const name = first === '--' || first === undefined ? 'laptop' : first
      const argv = (first === '--' ? args : rest).filter((word, at) => at > 0 || word !== '--')
      if (argv.length === 0) throw new Error(`exec what?\n\n${usage}`)
      return hand(target(name, argv))
    }
    default:
      say(usage)
      return command === undefined || command === '--help' || command === 'help' ? 0 : 2
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  },
)
