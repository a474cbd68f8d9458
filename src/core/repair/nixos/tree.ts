// The shapes of Nix source that the editors know, each with its place in the text. Read by parse.ts.

interface Span {
  readonly start: number
  readonly end: number
}

/** One part of `a."b".${c}`: null where only an evaluation would know it. */
export type Attr = string | null

/** `path = value;`, its end after the semicolon. */
export interface Bind extends Span {
  readonly kind: 'bind'
  readonly path: readonly Attr[]
  readonly value: Node
}

/** `inherit a b;` or `inherit (x) a b;` */
export interface Inherit extends Span {
  readonly kind: 'inherit'
  readonly names: readonly Attr[]
}

export type Binding = Bind | Inherit

export interface AttrSet extends Span {
  readonly kind: 'set'
  readonly bindings: readonly Binding[]
  /** Just after its { : where a first binding may stand. */
  readonly inner: number
}

export interface List extends Span {
  readonly kind: 'list'
  readonly items: readonly Node[]
}

/** An id, number, string, path or uri. */
export interface Leaf extends Span {
  readonly kind: 'id' | 'number' | 'string' | 'path' | 'uri'
  readonly text: string
}

export type Node =
  | Leaf
  | AttrSet
  | List
  | (Span & { readonly kind: 'paren'; readonly inside: Node })
  | (Span & { readonly kind: 'select'; readonly from: Node; readonly path: readonly Attr[] })
  | (Span & { readonly kind: 'apply'; readonly fn: Node; readonly args: readonly Node[] })
  /** Operands and the signs between them, in source order: no precedence, which no editor here needs. */
  | (Span & {
      readonly kind: 'operation'
      readonly operands: readonly Node[]
      readonly signs: readonly string[]
    })
  /** Functions, `with`, `assert`: what they lead to is their body. */
  | (Span & { readonly kind: 'wrap'; readonly body: Node; readonly head: readonly Node[] })
  | (Span & { readonly kind: 'let'; readonly bindings: readonly Binding[]; readonly body: Node })
  | (Span & { readonly kind: 'if'; readonly parts: readonly Node[] })

/** The nodes directly inside. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'set':
      return values(node.bindings)
    case 'list':
      return node.items
    case 'paren':
      return [node.inside]
    case 'select':
      return [node.from]
    case 'apply':
      return [node.fn, ...node.args]
    case 'operation':
      return node.operands
    case 'wrap':
      return [...node.head, node.body]
    case 'let':
      return [...values(node.bindings), node.body]
    case 'if':
      return node.parts
    case 'id':
    case 'number':
    case 'string':
    case 'path':
    case 'uri':
      return []
    default:
      return node satisfies never
  }
}

function values(bindings: readonly Binding[]): readonly Node[] {
  return bindings.flatMap((one) => (one.kind === 'bind' ? [one.value] : []))
}

/** Through parentheses, functions, with, assert and let to what the expression is. */
export function unwrap(node: Node): Node {
  let inner = node
  for (;;) {
    if (inner.kind === 'paren') inner = inner.inside
    else if (inner.kind === 'wrap' || inner.kind === 'let') inner = inner.body
    else return inner
  }
}

/** The last name of `lib.nixosSystem` or `nixosSystem`; null for anything else. */
export function lastName(node: Node): string | null {
  const bare = node.kind === 'paren' ? node.inside : node
  if (bare.kind === 'id') return bare.text
  return bare.kind === 'select' ? (bare.path.at(-1) ?? null) : null
}

/** Every node of a tree, outermost first. */
export function* everyNode(node: Node): Generator<Node> {
  yield node
  for (const child of children(node)) yield* everyNode(child)
}
