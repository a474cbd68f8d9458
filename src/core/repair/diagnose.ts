// Reads causes out of what the survey found: facts -> findings, worst obstacle first. Pure.
import { cleanText } from '../desktop/clean-text.ts'
import { findKey, type KeyStanding, standingOf } from './authorized-keys.ts'
import { diagnoseMachine, type MachineFinding } from './diagnose-machine.ts'
import { expandPath, faultOf, folderOf, isDeclared, leadsAway } from './places.ts'
import type { KeysFile, SurveyFacts, TrailEntry } from './survey-facts.ts'

export interface WantedKey {
  readonly type: string
  /** base64 */
  readonly blob: string
}

/** What keeps the key out. */
export type KeyFinding =
  | { readonly kind: 'pubkey-off' }
  | { readonly kind: 'not-allowed'; readonly setting: string }
  | { readonly kind: 'user-missing' }
  | { readonly kind: 'shell' }
  | { readonly kind: 'locked' }
  | { readonly kind: 'no-file-read' }
  | { readonly kind: 'declared'; readonly file: string }
  | { readonly kind: 'read-only'; readonly file: string }
  | { readonly kind: 'odd-path' | 'elsewhere'; readonly file: string }
  | { readonly kind: 'home'; readonly entries: readonly TrailEntry[] }
  | { readonly kind: 'folder-missing'; readonly folder: string; readonly homeMissing: boolean }
  | { readonly kind: 'modes'; readonly entries: readonly TrailEntry[] }
  | {
      readonly kind: 'key'
      readonly why: 'missing' | 'ignored' | 'restricted'
      readonly file: KeysFile
      readonly standing: KeyStanding
    }

export type Finding = KeyFinding | MachineFinding

/** Everything that is wrong, in the order it has to be mended. Empty: all that can be seen is well. */
export function diagnose(facts: SurveyFacts, user: string, key: WantedKey | null): readonly Finding[] {
  return [...(key === null ? [] : diagnoseKey(facts, user, key)), ...diagnoseMachine(facts, user)]
}

function diagnoseKey(facts: SurveyFacts, user: string, key: WantedKey): readonly KeyFinding[] {
  const { sshd } = facts
  const findings: KeyFinding[] = []
  if (!sshd.pubkey) findings.push({ kind: 'pubkey-off' })
  const setting = keptOut(facts, user)
  if (setting !== null) findings.push({ kind: 'not-allowed', setting })
  if (!facts.user.exists) return [...findings, { kind: 'user-missing' }, ...forNewUser(facts, user)]
  if (!facts.user.shellRuns) findings.push({ kind: 'shell' })
  // With PAM "!" keeps only passwords out; an account that has expired is refused either way.
  if (facts.user.expired === true || (facts.user.locked === true && !sshd.usePam))
    findings.push({ kind: 'locked' })
  return [...findings, ...aboutFiles(facts, key)]
}

/** The home a new builder gets. */
export function newHome(user: string): string {
  return `/var/lib/${user}`
}

function aboutFiles(facts: SurveyFacts, key: WantedKey): readonly KeyFinding[] {
  const { files, os } = facts
  const standings = files.map((file) => ({ file, standing: standingIn(file, key) }))
  const working = standings.find(({ standing }) => standing.state === 'works')
  const away = files.filter((file) => leadsAway(file, facts))
  const open = files.filter((file) => !isDeclared(file, os.nixos) && !away.includes(file))
  const chosen =
    working ??
    standings.find(({ file, standing }) => standing.state === 'restricted' && open.includes(file)) ??
    standings.find(({ file }) => file === bestOf(open))
  if (chosen === undefined) {
    const [declared] = files
    if (declared !== undefined && away.includes(declared)) return [elsewhere(declared)]
    return declared === undefined ? [{ kind: 'no-file-read' }] : [{ kind: 'declared', file: declared.path }]
  }
  const { file, standing } = chosen
  const odd = [file.path, file.real].find(isOdd)
  if (odd !== undefined) return [{ kind: 'odd-path', file: cleanText(odd, 200) }]
  const places = aboutPlaces(file, facts)
  const keys =
    working === undefined ? [{ kind: 'key', why: whyOf(facts, standing, key), file, standing } as const] : []
  const changes = places.length + keys.length > 0
  if (changes && away.includes(file)) return [elsewhere(file)]
  if (changes && !file.writable && facts.rights.kind !== 'none' && facts.rights.kind !== 'needs-password')
    return [{ kind: 'read-only', file: file.real }]
  return [...places, ...keys]
}

function elsewhere({ real }: KeysFile): KeyFinding {
  return { kind: 'elsewhere', file: cleanText(real, 200) }
}

/** One that is there, else the first that sshd names. */
function bestOf(files: readonly KeysFile[]): KeysFile | undefined {
  return files.find((file) => file.kind === 'file') ?? files[0]
}

function aboutPlaces(file: KeysFile, facts: SurveyFacts): readonly KeyFinding[] {
  const findings: KeyFinding[] = []
  const inHome = file.trail[0]?.path !== '/'
  const home = inHome ? file.trail[0] : undefined
  const faulty = facts.sshd.strictModes ? file.trail.filter((entry) => faultOf(entry, facts) !== null) : []
  const atHome = faulty.filter((entry) => entry === home)
  const below = faulty.filter((entry) => entry !== home)
  if (atHome.length > 0) findings.push({ kind: 'home', entries: atHome })
  const folder = folderOf(file.real)
  const at = file.trail.find((entry) => entry.path === folder)
  if (at?.kind === 'missing')
    findings.push({ kind: 'folder-missing', folder, homeMissing: inHome && home?.kind === 'missing' })
  if (below.length > 0) findings.push({ kind: 'modes', entries: below })
  return findings
}

function forNewUser(facts: SurveyFacts, name: string): readonly KeyFinding[] {
  const home = newHome(name)
  const [pattern] = facts.sshd.authorizedKeysFile
    .split(' ')
    .filter((one) => !(facts.os.nixos && one.startsWith('/etc/ssh/authorized_keys.d/')))
  if (pattern === undefined || pattern === '' || pattern === 'none') return [{ kind: 'no-file-read' }]
  const path = expandPath(pattern, { name, home, uid: '' })
  const file: KeysFile = {
    path,
    real: path,
    kind: 'missing',
    bytes: 0,
    hex: null,
    writable: true,
    trail: [],
    freeBytes: null,
  }
  const folder = folderOf(path)
  const needsFolder = path.startsWith(`${home}/`)
  return [
    ...(needsFolder ? [{ kind: 'folder-missing', folder, homeMissing: false } as const] : []),
    { kind: 'key', why: 'missing', file, standing: { state: 'absent' } },
  ]
}

function standingIn(file: KeysFile, key: WantedKey): KeyStanding {
  const text = textOf(file)
  return text === null ? { state: 'absent' } : standingOf(findKey(text, key.type, key.blob))
}

/** A keys file's bytes as latin1; null where they are not known. */
export function textOf(file: Pick<KeysFile, 'hex'>): string | null {
  return file.hex === null ? null : Buffer.from(file.hex, 'hex').toString('latin1')
}

function whyOf(
  facts: SurveyFacts,
  standing: KeyStanding,
  key: WantedKey,
): 'missing' | 'ignored' | 'restricted' {
  if (standing.state === 'restricted') return 'restricted'
  return facts.others.some((file) => standingIn(file, key).state === 'works') ? 'ignored' : 'missing'
}

/** Control and text-direction characters: such a path could not be shown as it is, so nothing is done to it. */
function isOdd(path: string): boolean {
  return /[\p{C}\u2028\u2029]/u.test(path)
}

/** The setting that keeps the user out (sshd_config(5): Deny* before Allow*); null: none. Hosts in patterns are left out. */
function keptOut({ sshd, user }: SurveyFacts, name: string): string | null {
  const groups = user.groups.split(' ')
  const matches = (patterns: string, names: readonly string[]) =>
    patterns
      .split(' ')
      .filter((one) => one !== '')
      .some((pattern) => names.some((one) => glob(pattern.split('@')[0] ?? '', one)))
  if (matches(sshd.denyUsers, [name])) return 'DenyUsers'
  if (sshd.allowUsers !== '' && !matches(sshd.allowUsers, [name])) return 'AllowUsers'
  if (!user.exists) return null
  if (matches(sshd.denyGroups, groups)) return 'DenyGroups'
  if (sshd.allowGroups !== '' && !matches(sshd.allowGroups, groups)) return 'AllowGroups'
  return null
}

/** sshd's own patterns (match.c, match_pattern). No RegExp: on a pattern of many stars that takes longer than anybody lives. */
function glob(pattern: string, text: string): boolean {
  let [at, read, star, from] = [0, 0, -1, 0]
  while (read < text.length) {
    if (pattern[at] === '*') {
      star = at++
      from = read
    } else if (pattern[at] === '?' || pattern[at] === text[read]) {
      at++
      read++
    } else if (star >= 0) {
      at = star + 1
      read = ++from
    } else return false
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}
