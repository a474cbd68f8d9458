// What the survey found on the desktop: the shape of survey.sh's JSON, checked, with every text decoded.
import * as v from 'valibot'
import { machineSchema } from './machine-facts.ts'

/** The script writes bytes beyond plain ASCII as \u00XX; here they become UTF-8 again. */
const text = v.pipe(
  v.string(),
  v.maxLength(100_000),
  v.transform((raw) => Buffer.from(raw, 'latin1').toString('utf8')),
)
const count = v.pipe(v.number(), v.integer(), v.minValue(0))

/** How the script came to its rights; "needs-password" and "none" mean that it ran as the admin alone. */
const rightsKinds = ['root', 'sudo', 'sudo-password', 'doas', 'needs-password', 'none'] as const

const entry = v.object({
  path: text,
  kind: v.picklist(['missing', 'denied', 'folder', 'file', 'link', 'other']),
  uid: count,
  gid: count,
  owner: text,
  group: text,
  /** Octal digits, as stat prints them. */
  mode: v.pipe(v.string(), v.regex(/^[0-7]*$/)),
})

const keysFile = v.object({
  /** As sshd names it for this user, %-signs filled. */
  path: text,
  /** Where it leads once links are followed; the same as path where it is no link. */
  real: text,
  kind: v.picklist(['missing', 'denied', 'file', 'other']),
  bytes: count,
  /** The bytes, in hex; null where they may not be read or are too many. */
  hex: v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]*$/))),
  writable: v.boolean(),
  /** From the folder where sshd begins to look down to the file: what StrictModes judges. */
  trail: v.array(entry),
  freeBytes: v.nullable(count),
})

export const surveySchema = v.object({
  schema: v.literal(1),
  rights: v.object({ kind: v.picklist(rightsKinds), said: text }),
  /** /etc/os-release's ID, ID_LIKE and VERSION_ID. */
  os: v.object({ id: text, like: text, version: text, nixos: v.boolean() }),
  sshd: v.object({
    /** Whether sshd itself was asked (sshd -T); else these are OpenSSH's defaults. */
    asked: v.boolean(),
    authorizedKeysFile: text,
    strictModes: v.boolean(),
    usePam: v.boolean(),
    pubkey: v.boolean(),
    allowUsers: text,
    denyUsers: text,
    allowGroups: text,
    denyGroups: text,
  }),
  user: v.object({
    exists: v.boolean(),
    uid: count,
    gid: count,
    group: text,
    groups: text,
    /** Others in the user's own group: then Debian's sshd, too, refuses what the group may write. */
    groupShared: v.boolean(),
    home: text,
    shell: text,
    shellRuns: v.boolean(),
    /** null where only root may know. */
    locked: v.nullable(v.boolean()),
    expired: v.nullable(v.boolean()),
    /** Its last day, in days since 1970-01-01, as shadow(5) has it; empty for never or not known. */
    expires: v.optional(text, ''),
    /** Of a user who is missing: whether a folder stands where its home would be made. */
    homeThere: v.optional(v.boolean(), true),
  }),
  nixUsersGroup: v.boolean(),
  files: v.array(keysFile),
  /** Files beside those that sshd reads, which may hold the key all the same. */
  others: v.array(keysFile),
  selinux: v.boolean(),
  machine: machineSchema,
})

export type SurveyFacts = v.InferOutput<typeof surveySchema>
export type KeysFile = SurveyFacts['files'][number]
export type TrailEntry = KeysFile['trail'][number]
