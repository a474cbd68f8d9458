// Stores of desktops that are mounted on this laptop over NFS, and whether each still answers.
// A mount whose server is away holds whoever touches it, with "hard" for ever: here that is a child, never this process
// (a call of node's fs would hold one of its four threads).
import { spawn } from 'node:child_process'
import type { Builder, MountLook, SeenMount, StoreMount } from './facts.ts'
import type { LaptopFiles } from './files.ts'
import { readText } from './read-text.ts'

/** How long a mount may take to answer, in ms. */
const patienceMs = 2000
/** An automount that answered is left alone for so long, in ms: each touch begins its time of being idle anew. */
const restMs = 15 * 60_000

/** For tests: another program, patience (ms) and clock (ms that only grow). */
export interface MountOptions {
  readonly stat?: string
  readonly deadlineMs?: number
  readonly now?: () => number
}

/** Keeps which mounts still hold a child, so that there is never a second one, and when an automount last answered. */
export function createMountLook(
  { mountInfo }: Pick<LaptopFiles, 'mountInfo'>,
  { stat = 'stat', deadlineMs = patienceMs, now = () => performance.now() }: MountOptions = {},
): MountLook {
  const held = new Set<string>()
  const answered = new Map<string, { readonly seen: SeenMount; readonly at: number }>()
  return async (builders, addresses) => {
    const table = await readText(mountInfo)
    if (table.state !== 'read') return []
    const mounts = storeMounts(table.text, builders, addresses).slice(0, 8)
    for (const id of answered.keys()) if (!mounts.some((one) => one.id === id)) answered.delete(id)
    return Promise.all(
      mounts.map(async (mount) => {
        const before = answered.get(mount.id)
        if (mount.automount && before !== undefined && now() - before.at < restMs)
          return { ...before.seen, ageMs: now() - before.at }
        const seen = { ...mount, ...(await touch(mount, { stat, deadlineMs, held })), ageMs: 0 }
        if (seen.answers === true) answered.set(mount.id, { seen, at: now() })
        return seen
      }),
    )
  }
}

/** The NFS mounts in the text of /proc/self/mountinfo (proc_pid_mountinfo(5)) whose source is a builder's store. */
export function storeMounts(
  text: string,
  builders: readonly Pick<Builder, 'host' | 'address'>[],
  addresses: Readonly<Record<string, string>> = {},
): readonly StoreMount[] {
  const mounts = text.split('\n').flatMap((line) => parseMount(line) ?? [])
  return mounts.flatMap((mount) => {
    const { id, parent, path, type, source, options } = mount
    if (type !== 'nfs' && type !== 'nfs4') return []
    // What is mounted over it hides it: nobody touches it by its path.
    if (mounts.some((one) => one.parent === id && one.path === path)) return []
    const [, server = '', folder = ''] = /^(\[[^\]]*\]|[^:]*):(\/.*)$/.exec(source) ?? []
    if (!['/nix', '/nix/store'].includes(folder.replace(/(?<=.)\/+$/, ''))) return []
    const servers = [server, ...options.flatMap((one) => (one.startsWith('addr=') ? one.slice(5) : []))]
    const builder = builders.find((one) => servers.some((name) => namesOf(one, addresses).has(plain(name))))
    if (builder === undefined) return []
    const telling = ['ro', 'rw'].filter((one) => mount.own.includes(one))
    const waits = ['hard', 'soft', 'softerr'].filter((one) => options.includes(one))
    const automount = mounts.some((one) => one.type === 'autofs' && one.id === parent && one.path === path)
    return [{ id, host: builder.host, path, source, how: [type, ...telling, ...waits].join(', '), automount }]
  })
}

function namesOf(
  { host, address }: Pick<Builder, 'host' | 'address'>,
  addresses: Readonly<Record<string, string>>,
): ReadonlySet<string> {
  const proven = [host, address.host].flatMap((name) =>
    Object.hasOwn(addresses, name) ? (addresses[name] ?? []) : [],
  )
  return new Set([host, address.host, ...proven].map(plain))
}

/** A host's name or address as it compares: no brackets, no zone, no final dot, small letters. */
function plain(name: string): string {
  return name
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .replace(/\.$/, '')
    .toLowerCase()
}

interface Mount {
  readonly id: string
  readonly parent: string
  readonly path: string
  readonly type: string
  readonly source: string
  /** Of this mount: ro, nosuid … */
  readonly own: readonly string[]
  /** Of its file system: vers=4.2, soft, addr=… */
  readonly options: readonly string[]
}

/** "36 35 0:50 / /mnt/store ro,nosuid shared:1 - nfs4 desktop:/nix/store rw,vers=4.2,addr=…"; null for no such line. */
function parseMount(line: string): Mount | null {
  const [before = '', after] = line.split(' - ', 2)
  const [id = '', parent = '', , , path = '', own = ''] = before.split(' ')
  const [type = '', source = '', options = ''] = (after ?? '').split(' ')
  if (after === undefined || path === '') return null
  return {
    id,
    parent,
    path: unescaped(path),
    type,
    source: unescaped(source),
    own: own.split(','),
    options: options.split(','),
  }
}

/** The kernel writes blanks, newlines, "#" and backslashes as \040 and the like. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

type Touched = Pick<SeenMount, 'answers' | 'said' | 'ms'>

/** Asks the server by a child's statfs(2). Ends within the deadline even where the child cannot be killed. */
function touch(
  { id, path }: StoreMount,
  { stat, deadlineMs, held }: Pick<Required<MountOptions>, 'stat' | 'deadlineMs'> & { held: Set<string> },
): Promise<Touched> {
  if (held.has(id)) return Promise.resolve({ answers: false, said: '', ms: deadlineMs })
  held.add(id)
  const began = performance.now()
  return new Promise((resolve) => {
    const child = spawn(stat, ['-f', '--', path], {
      stdio: ['ignore', 'ignore', 'pipe'],
      cwd: '/',
      env: { ...process.env, LC_ALL: 'C' },
    })
    let said = ''
    const end = (answers: boolean | null) => {
      clearTimeout(timer)
      resolve({ answers, said: said.trim().slice(0, 300), ms: performance.now() - began })
    }
    const timer = setTimeout(() => {
      child.kill('SIGKILL')
      // It may stay in the kernel until the desktop is back: nobody waits for it, not even this program's end.
      child.stderr.destroy()
      child.unref()
      end(false)
    }, deadlineMs)
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, 1000)
    })
    child.on('error', () => {
      held.delete(id)
      end(null)
    })
    // Not "exit": what it said has to be read.
    child.on('close', (code) => {
      held.delete(id)
      end(code === 0 ? true : /Permission denied/.test(said) ? null : false)
    })
  })
}
