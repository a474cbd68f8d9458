// Failures of a test build that Nix has no words for: it was not there, was not asked, or says that all went well.
import type { Problem } from '../../shared/outcome.ts'
import { cleanText } from '../desktop/clean-text.ts'
import type { Builder } from '../laptop/facts.ts'
import { completed, rawOf } from './verdict.ts'

/** Nix could not be started; `what` is the system's reason. */
export function nixMissing(builder: Builder, what: string): Problem {
  return completed({ builder }, { cause: 'laptop.nix-missing', params: {} }, what)
}

/** Nix would wait for a slot of such a row for ever. */
export function noJobs(builder: Builder): Problem {
  return completed({ builder }, { cause: 'laptop.builder-no-slots', params: { uri: builder.uri } })
}

/** It ended well, and yet nothing proves that the desktop built it; `words`: what was found instead, and what Nix said. */
export function unproven(
  builder: Builder,
  cause: 'nix.built-locally' | 'nix.build-failed',
  words: readonly string[],
): Problem {
  return completed({ builder }, { cause, params: {} }, rawOf(cleanText(words.join('\n'), 60_000)))
}

/** Something that is thrown; a full disk is the one that is known. */
export function unexpected(builder: Builder, error: unknown): Problem {
  const what = error instanceof Error ? error.message : String(error)
  const full = (error as NodeJS.ErrnoException).code === 'ENOSPC'
  return completed(
    { builder },
    { cause: full ? 'laptop.disk-full' : 'laptop.nix-failed', params: { what } },
    what,
  )
}
