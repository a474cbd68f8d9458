// Whose row a test build is about by now.
import type { Builder } from '../laptop/facts.ts'
import type { Track } from './track.ts'
import type { Subject } from './why.ts'

/** The row of the machine that took the build; else of the wanted one, if it was tried, or of the one that was tried last. */
export function builderOf(
  track: Pick<Track, 'machine' | 'tried' | 'allTried'>,
  { builder, builders, wanted }: Pick<Subject, 'builder' | 'builders' | 'wanted'>,
): Builder {
  const refused = wanted === 'this' && track.allTried.includes(builder.uri) ? builder.uri : track.tried
  const uri = track.machine ?? refused
  if (uri === null || builder.uri === uri) return builder
  return builders?.find((one) => one.uri === uri) ?? { ...builder, id: uri, uri, host: hostOf(uri) }
}

function hostOf(uri: string): string {
  return /^[a-z-]+:\/\/(?:[^@/]*@)?([^/?]+)/.exec(uri)?.[1] ?? uri
}
