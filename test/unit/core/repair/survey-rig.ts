// A pretended desktop for the survey: files below a folder, and tools of its own that answer as they are told.
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as v from 'valibot'
import { onTestFinished } from 'vitest'
import { machineSchema } from '../../../../src/core/repair/machine-facts.ts'
import { quote, surveyProgram } from '../../../../src/core/repair/sh.ts'
import { readSurvey } from '../../../../src/core/repair/survey.ts'
import type { SurveyFacts } from '../../../../src/core/repair/survey-facts.ts'

/** /etc/environment: what sshd gives the builder for PATH. */
const builderPath = 'PATH="@ROOT@/usr/local/bin:@ROOT@/usr/bin"\n'

/** What any desktop has; taken from this machine. */
const everywhere =
  'sh awk cat cut date df env find grep head ls od readlink sed sleep sort stat tail test timeout tr true uname wc xargs'.split(
    ' ',
  )

export interface Desktop {
  /** Path below its root -> text, @ROOT@ in it being its root; a null makes a folder, `{ link }` a link. */
  readonly files?: Readonly<Record<string, string | null | { readonly link: string }>>
  /** Name -> body of a sh script, @ROOT@ as in files. */
  readonly tools?: Readonly<Record<string, string>>
  /** Default 0: root. */
  readonly uid?: number
  readonly client?: string
  /** The builder's login shell; default /bin/sh. null: there is no such user. */
  readonly shell?: string | null
  readonly groups?: string
  readonly without?: readonly string[]
  /** Default sh. */
  readonly runner?: readonly string[]
}

export interface Looked {
  readonly facts: SurveyFacts
  readonly machine: SurveyFacts['machine']
  /** With its root's path taken out of every text. */
  readonly stdout: string
  readonly root: string
}

/** Prints these lines, whatever is in them. */
export function saying(text: string): string {
  return `printf '%s\n' ${quote(text)}`
}

/** systemctl's answers: `units` as `systemctl show` would print them, by unit and property. */
export function systemctl(
  units: Readonly<Record<string, Readonly<Record<string, string>>>>,
  version = '257',
): string {
  const shown = Object.entries(units).map(([id, properties]) =>
    Object.entries({
      Id: id,
      LoadState: 'loaded',
      ActiveState: 'active',
      UnitFileState: 'enabled',
      ...properties,
    })
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
  )
  return `case $1 in --version) echo 'systemd ${version} (${version}.1-1)' ;; show) ${saying(shown.join('\n\n'))} ;; esac`
}

/** Surveys the pretended desktop by a real shell. Throws where the answer is not the JSON that it has to be. */
export function look(desktop: Desktop): Looked {
  const { root, stdout } = run(desktop, (call) => call)
  JSON.parse(stdout)
  const facts = readSurvey(stdout, { kind: (desktop.uid ?? 0) === 0 ? 'root' : 'none', said: '' })
  if (facts === null) throw new Error(`not what the schema asks for: ${stdout}`)
  return { facts, machine: facts.machine, stdout, root }
}

/** Only what the survey makes of the firewall, which takes a tenth of the time. */
export function lookAtFirewall(desktop: Desktop): SurveyFacts['machine']['firewall'] {
  const { stdout } = run(
    desktop,
    () => `client=\${1:-127.0.0.1} client_known=true ssh_port=22 cache_port=5000
[ -n "$1" ] || client_known=false
os_release; abilities; units=$(unit_lines); firewall_says; exit 0 #`,
  )
  return v.parse(machineSchema.entries.firewall, JSON.parse(stdout.replace(/^firewall /, '')))
}

/** Only what the survey makes of NFS. */
export function lookAtNfs(desktop: Desktop): SurveyFacts['machine']['nfs'] {
  const { stdout } = run(desktop, () => 'listening=$(listeners); nfs_json; exit 0 #')
  return v.parse(machineSchema.entries.nfs, JSON.parse(stdout))
}

/** Runs the survey's program, the call at its end changed, over a pretended desktop that goes with the test. */
function run(desktop: Desktop, change: (call: string) => string): { root: string; stdout: string } {
  const root = mkdtempSync(join(tmpdir(), 'desktop-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const tools = join(root, '.tools')
  const files = {
    '/etc/os-release': 'ID=debian\n',
    '/proc/net/tcp': tcp(['00000000', 22]),
    '/etc/environment': builderPath,
    ...desktop.files,
  }
  for (const [path, what] of Object.entries(files)) place(join(root, path), what, root)
  mkdirSync(tools)
  for (const name of everywhere.filter((one) => !(desktop.without ?? []).includes(one)))
    if (desktop.tools?.[name] === undefined) symlinkSync(pathOf(name), join(tools, name))
  const uid = desktop.uid ?? 0
  const own = {
    id: `case $1 in -u) echo ${uid} ;; -G) echo 4242 ${desktop.groups ?? ''} ;; -Gn) echo nix-builder ;; esac`,
    // As setpriv and runuser would, but for the user.
    setpriv: 'while [ "$1" != -- ]; do shift; done; shift; exec "$@"',
    ...desktop.tools,
  }
  for (const [name, body] of Object.entries(own)) tool(join(tools, name), body.replaceAll('@ROOT@', root))
  const home = join(root, 'home')
  mkdirSync(home, { recursive: true })

  const shell = desktop.shell === undefined ? '/bin/sh' : desktop.shell
  const line = `nix-builder:x:4242:4242::${home}:${shell ?? ''}`
  const found = shell === null ? 'return 2' : `printf '%s\\n' ${quote(line)}`
  const before = `getent() { case "$1 $2" in 'passwd nix-builder') ${found} ;; 'passwd nix-serve') echo nix-serve:x:4343:4343::/:/bin/false ;; 'group 4242') echo nix-builder:x:4242: ;; *) return 2 ;; esac; }
root=${quote(root)}
PATH=${quote(tools)}
`
  const program = surveyProgram('nix-builder', { ssh: 22, cache: 5000 }).replace(
    /survey "\$1"/,
    (call) => `${before}${change(call)}`,
  )
  const [runner = 'sh', ...applet] = desktop.runner ?? []
  const ran = execFileSync(pathOf(runner), [...applet, '-s', '--', desktop.client ?? '10.0.0.9'], {
    input: program,
    cwd: '/',
    env: { HOME: join(root, 'root') },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const stdout = ran.toString('utf8').replaceAll(root, '')
  return { root, stdout }
}

/** /proc/net/tcp with these listeners, as little-endian machines print them. */
export function tcp(...listeners: readonly (readonly [address: string, port: number])[]): string {
  const lines = listeners.map(
    ([address, port], at) =>
      `   ${at}: ${address}:${port.toString(16).toUpperCase().padStart(4, '0')} 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0000000000000000 100 0 0 10 0`,
  )
  return [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    ...lines,
    '',
  ].join('\n')
}

function place(path: string, what: string | null | { readonly link: string }, root: string): void {
  mkdirSync(dirname(path), { recursive: true })
  if (what === null) mkdirSync(path, { recursive: true })
  else if (typeof what === 'string') {
    writeFileSync(path, what.replaceAll('@ROOT@', root))
    if (what.startsWith('#!')) chmodSync(path, 0o755)
  } else symlinkSync(what.link.startsWith('/') ? join(root, what.link) : what.link, path)
}

function tool(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`)
  chmodSync(path, 0o755)
}

const known = new Map<string, string>()
function pathOf(name: string): string {
  const path = known.get(name) ?? spawnSync('which', [name]).stdout.toString().trim()
  if (path === '') throw new Error(`this machine has no ${name}`)
  known.set(name, path)
  return path
}
