// The checks that each edit of a NixOS file passes before anybody sees it.
import type { NixEdit, NixRefusal } from '../../../shared/nix-edit.ts'
import type { Params } from '../../../shared/outcome.ts'
import { unifiedDiff } from './diff.ts'
import { parseNix } from './parse.ts'
import { applySplices, type Splice } from './splice.ts'
import { NotNix } from './tokens.ts'
import { everyNode, type Node } from './tree.ts'

/** Thrown inside this folder only; `guarded` makes the refusal of it. */
export class Refusal extends Error {
  readonly why: NixRefusal
  readonly params: Params
  readonly at: number | null
  constructor(why: NixRefusal, params: Params, at: number | null) {
    super(why)
    this.why = why
    this.params = params
    this.at = at
  }
}

export interface Guarded {
  readonly file: string
  readonly source: string
  readonly snippet: string
  /** One after the other, each on what the one before left. */
  readonly steps: readonly Step[]
}

/** The changes wanted for a tree of this source; none where all is well. */
export type Step = (root: Node, source: string) => readonly Splice[]

/** Runs an editor: what comes out can be read again, and needs no second edit; else it is refused. */
export function guarded({ file, source, snippet, steps }: Guarded): NixEdit {
  const refuse = (why: NixRefusal, params: Params, at: number | null): NixEdit => ({
    kind: 'refused',
    why,
    params,
    snippet,
    where: at === null ? null : lineOf(source, at),
  })
  try {
    const text = take(source, steps)
    if (text === source) return { kind: 'already' }
    return isSettled(text, steps)
      ? { kind: 'edited', text, diff: unifiedDiff(source, text, file) }
      : refuse('unsure', {}, null)
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.why, error.params, error.at)
    if (error instanceof NotNix) return refuse('unreadable', { what: error.message }, error.at)
    throw error
  }
}

function take(source: string, steps: readonly Step[]): string {
  return steps.reduce((text, step) => applySplices(text, step(parseNix(text), text)), source)
}

function isSettled(text: string, steps: readonly Step[]): boolean {
  try {
    return steps.every((step) => step(parseNix(text), text).length === 0)
  } catch (error) {
    if (error instanceof Refusal || error instanceof NotNix) return false
    throw error
  }
}

function lineOf(source: string, at: number): { readonly line: number; readonly text: string } {
  const before = source.slice(0, at).split('\n')
  return { line: before.length, text: (source.split('\n')[before.length - 1] ?? '').trim() }
}

/**
 * Whether an expression takes in the module: a path or string that ends in its file's name, wherever that lies, or
 * this project's flake (`nixosModules.offload-server`).
 */
export function takesIn(node: Node, modulePath: string): boolean {
  const file = modulePath.split('/').at(-1) ?? modulePath
  const name = file.replace(/\.nix$/, '')
  const isFile = (path: string) => path === file || path.endsWith(`/${file}`) || path.endsWith(`/${name}`)
  for (const one of everyNode(node)) {
    if (one.kind === 'path' && isFile(one.text)) return true
    if (one.kind === 'string' && isFile(one.text.replaceAll(/^(?:"|'')|(?:"|'')$/g, ''))) return true
    if (one.kind === 'select' && one.path.at(-2) === 'nixosModules') {
      if (one.path.at(-1) === name) return true
      const from = one.from.kind === 'select' ? one.from.path : one.path
      if (one.path.at(-1) === 'default' && [nameOf(one.from), ...from].includes('offload-tray')) return true
    }
  }
  return false
}

const nameOf = (node: Node) => (node.kind === 'id' ? node.text : null)

/** Whether a file's code (not its comments) takes in the module anywhere; null where the file cannot be read. */
export function mentionsModule(text: string, modulePath: string): boolean | null {
  try {
    return takesIn(parseNix(text), modulePath)
  } catch (error) {
    if (error instanceof NotNix) return null
    throw error
  }
}
