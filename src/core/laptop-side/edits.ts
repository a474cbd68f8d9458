// From needs to files: the texts as they are -> the texts as they should be. Pure.
import { resolve } from 'node:path'
import type { LaptopNeedId } from '../../shared/laptop-side.ts'
import { defaultKey, type Ground } from './ground.ts'
import { addRow, type NewRow, pinRow, rowText } from './machines-edit.ts'
import { cacheOf, type Known, nameOf } from './needs.ts'
import { addWord, assignments, lastOf, replaceWords, setSetting } from './nix-conf-edit.ts'
import { dropInOf, type SshWants, sshEntry } from './ssh-entry.ts'
import { type Texts, withMore, withText } from './texts.ts'

const defaultJobs = 4
/** What every Linux builder has; kvm is not there on all. */
const defaultFeatures = ['benchmark', 'big-parallel']

/** The texts with everything that `wants` holds. */
export function editedTexts(
  start: Texts,
  known: Known,
  ground: Ground,
  wants: (id: LaptopNeedId) => boolean,
): Texts {
  const { nixConf } = ground
  const { builder, cacheKey, hostKeyLine } = known
  const cache = cacheOf(ground.seen.facts, known)
  let texts = start
  if (wants('distributed-builds')) texts = setSetting(texts, nixConf, 'builders', `@${ground.machines}`)
  if (wants('builder-row')) texts = withRow(texts, known, ground)
  if (wants('pin-host-key') && builder !== null && hostKeyLine !== null)
    texts = pinRow(texts, builder.source, movedUri(builder.uri, known), hostKeyLine)
  if (wants('substituter') && cache !== null) texts = addWord(texts, nixConf, 'substituters', cache.url)
  if (cacheKey !== null && wants('cache-key'))
    texts = addWord(texts, nixConf, 'trusted-public-keys', cacheKey)
  if (cacheKey !== null && wants('cache-key-renewed')) {
    // Nix keeps the first key of a name: one more would change nothing.
    texts = replaceWords(texts, nixConf, 'trusted-public-keys', (word) =>
      nameOf(word) === nameOf(cacheKey) ? cacheKey : word,
    )
  }
  if (wants('fallback')) texts = setSetting(texts, nixConf, 'fallback', 'true')
  if (wants('connect-timeout')) texts = setSetting(texts, nixConf, 'connect-timeout', '5')
  if (wants('ssh-timeout') || wants('host-key-alias'))
    texts = withSshEntry(texts, known, ground, {
      timeouts: wants('ssh-timeout'),
      alias: wants('host-key-alias'),
    })
  return texts
}

/** A first row for the desktop that the person named. */
function newRow(known: Known, { seen }: Pick<Ground, 'seen'>): NewRow {
  const host = known.host.split(':').length > 2 ? `[${known.host}]` : known.host
  return {
    uri: `ssh-ng://${known.user}@${host}`,
    systems: [seen.facts.settings.system],
    keyPath: defaultKey,
    maxJobs: defaultJobs,
    features: defaultFeatures,
    hostKeyLine: known.hostKeyLine,
  }
}

function movedUri(uri: string, { move }: Known): string {
  return move === null ? uri : uri.replace(move.from, move.to)
}

/** Into the first file that `builders` names, else behind the rows that nix.conf itself holds. */
function withRow(texts: Texts, known: Known, ground: Ground): Texts {
  const { builders } = ground.seen.facts.settings
  const file = builders.split(/[\s;]+/).find((word) => word.startsWith('@'))
  if (file !== undefined) return addRow(texts, resolve('/', file.slice(1)), newRow(known, ground))
  const last = lastOf(assignments(texts, ground.nixConf), 'builders')
  // Just turned on, or Nix's own default: the machines file.
  if (builders.trim() === '' || last === null) return addRow(texts, ground.machines, newRow(known, ground))
  const rows = `${last.words.join(' ')} ; ${rowText(newRow(known, ground))}`
  return setSetting(texts, ground.nixConf, 'builders', rows)
}

function withSshEntry(texts: Texts, known: Known, ground: Ground, { timeouts, alias }: SshWants): Texts {
  const { builder, move } = known
  const file = dropInOf({ files: ground.sshFiles }, ground.sshConfig) ?? ground.sshConfig
  const elsewhere = builder !== null && builder.address.port !== 22 && known.hostKeyLine !== null
  const host = move !== null && known.host === move.from ? move.to : known.host
  // A block of its own at the end: what comes before keeps its scope.
  return withText(
    texts,
    file,
    withMore(texts.get(file) ?? null, sshEntry(host, { timeouts, alias: alias || elsewhere })),
  )
}
