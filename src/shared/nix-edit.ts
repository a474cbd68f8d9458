// What an edit of a NixOS file ends in, as every face shows it. Words for refusals: messages/<locale>/nix-edit.ts.
import type { Params } from './outcome.ts'

/** Why a file is left as it is. */
const nixRefusals = [
  /** Not Nix, as far as it can be read here; params what: the reader's own words, for the details. */
  'unreadable',
  /** A flake without nixosConfigurations in sight: made by a function, or in another file. */
  'no-systems',
  /** There are systems, but none of that name, or several and none was named: params hosts. */
  'host-not-found',
  /** Defined more than once: params what. */
  'several',
  /** The system is not a plain nixosSystem { … }. */
  'own-function',
  /** No list where one is needed, or one that is computed: params what. */
  'no-list',
  /** The body is not a plain set of options: params what. */
  'no-set',
  /** Stands under mkIf or another condition: params what. */
  'conditional',
  /** Set by an expression, or held by mkForce to another value: params what. */
  'not-plain',
  /** The edit did not hold its own check. */
  'unsure',
] as const
export type NixRefusal = (typeof nixRefusals)[number]

export type NixEdit =
  | { readonly kind: 'edited'; readonly text: string; readonly diff: string }
  | { readonly kind: 'already' }
  | {
      readonly kind: 'refused'
      readonly why: NixRefusal
      readonly params: Params
      /** What to write instead, by hand. */
      readonly snippet: string
      /** The line it belongs at, counted from 1, and its text; null where the file does not show a place. */
      readonly where: { readonly line: number; readonly text: string } | null
    }
