// What a survey may have found, for tests: a healthy Debian desktop but for what is given.
import type { KeysFile, SurveyFacts, TrailEntry } from '../../../../src/core/repair/survey-facts.ts'
import { builderKey } from './target.ts'

const home = '/var/lib/nix-builder'
export const goodLine = `restrict ${builderKey.public.trim()} root@laptop`

export interface FactsWish {
  /** Of authorized_keys; null: no such file. Default: our line. */
  readonly keys?: string | null
  readonly rights?: SurveyFacts['rights']['kind']
  readonly os?: Partial<SurveyFacts['os']>
  readonly sshd?: Partial<SurveyFacts['sshd']>
  readonly user?: Partial<SurveyFacts['user']>
  /** Mode and owner of home, .ssh and the file. */
  readonly modes?: readonly [home: string, ssh: string, file: string]
  readonly owners?: readonly [home: number, ssh: number, file: number]
  readonly files?: SurveyFacts['files']
  readonly others?: SurveyFacts['others']
  readonly writable?: boolean
}

export function fileOf(path: string, text: string | null, more: Partial<KeysFile> = {}): KeysFile {
  const kind = text === null ? 'missing' : 'file'
  const hex = text === null ? null : Buffer.from(text).toString('hex')
  return {
    path,
    real: path,
    kind,
    bytes: text?.length ?? 0,
    hex,
    writable: true,
    trail: [],
    freeBytes: 1e9,
    ...more,
  }
}

export function factsOf(wish: FactsWish): SurveyFacts {
  const keys = wish.keys === undefined ? `${goodLine}\n` : wish.keys
  const [homeMode, sshMode, fileMode] = wish.modes ?? ['700', '700', '600']
  const [homeUid, sshUid, fileUid] = wish.owners ?? [998, 998, 998]
  const place = (path: string, kind: TrailEntry['kind'], mode: string, uid: number): TrailEntry => {
    const owner = uid === 0 ? 'root' : uid === 998 ? 'nix-builder' : 'someone'
    return { path, kind, mode, uid, gid: uid, owner, group: owner }
  }
  const trail = [
    place(home, 'folder', homeMode, homeUid),
    place(`${home}/.ssh`, 'folder', sshMode, sshUid),
    keys === null
      ? place(`${home}/.ssh/authorized_keys`, 'missing', '', 0)
      : place(`${home}/.ssh/authorized_keys`, 'file', fileMode, fileUid),
  ]
  const file = fileOf(`${home}/.ssh/authorized_keys`, keys, { trail, writable: wish.writable ?? true })
  return {
    schema: 1,
    rights: { kind: wish.rights ?? 'sudo', said: '' },
    os: { id: 'debian', like: '', nixos: false, ...wish.os },
    sshd: {
      asked: true,
      authorizedKeysFile: '.ssh/authorized_keys .ssh/authorized_keys2',
      strictModes: true,
      usePam: true,
      pubkey: true,
      allowUsers: '',
      denyUsers: '',
      allowGroups: '',
      denyGroups: '',
      ...wish.sshd,
    },
    user: {
      exists: true,
      uid: 998,
      gid: 998,
      group: 'nix-builder',
      groups: 'nix-builder nix-users',
      groupShared: false,
      home,
      shell: '/bin/bash',
      shellRuns: true,
      locked: false,
      expired: false,
      ...wish.user,
    },
    nixUsersGroup: true,
    files: wish.files ?? [file],
    others: wish.others ?? [],
    selinux: false,
  }
}
