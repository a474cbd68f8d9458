// Whose row a test build is about by now.
import type { Builder } from '../laptop/facts.ts'
import type { Track } from './track.ts'

/** The row of the machine that took the build, or was tried last, or was asked for. */
export function builderOf(
  track: Pick<Track, 'machine' | 'tried'>,
  { builder, builders }: { readonly builder: Builder; readonly builders?: readonly Builder[] },
): Builder {
  const uri = track.machine ?? track.tried
  if (uri === null || builder.uri === uri) return builder
  return builders?.find((one) => one.uri === uri) ?? { ...builder, id: uri, uri, host: hostOf(uri) }
}

function hostOf(uri: string): string {
  return /^[a-z-]+:\/\/(?:[^@/]*@)?([^/?]+)/.exec(uri)?.[1] ?? uri
}
