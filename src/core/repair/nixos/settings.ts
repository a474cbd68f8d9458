// Finds where a module's options are set in a configuration, however the path is split over sets, dots and mkMerge.
import { Refusal } from './edit.ts'
import { marked, printName } from './literal.ts'
import { type Attr, type AttrSet, type Bind, everyNode, type Node, unwrap } from './tree.ts'

/** One `enable = …`, its name counted from the option on. */
export interface Definition {
  readonly name: string
  readonly value: Node
  readonly isConditional: boolean
}

export interface Found {
  readonly definitions: readonly Definition[]
  /** Sets that are the option's own: `services.offload-server = { … }`. */
  readonly blocks: readonly AttrSet[]
  /** `services.offload-server.enable = …`: its set, and its path up to the option as it is to be written. */
  readonly dotted: readonly { readonly set: AttrSet; readonly bind: Bind; readonly prefix: string }[]
  /** Where a new block may stand, best first; `depth` parts of the option's path lead there already. */
  readonly homes: readonly { readonly set: AttrSet; readonly depth: number }[]
  /** Where the module's body begins. */
  readonly start: number
}

interface Search {
  readonly option: readonly string[]
  readonly definitions: Definition[]
  readonly blocks: AttrSet[]
  readonly dotted: { set: AttrSet; bind: Bind; prefix: string }[]
  readonly homes: { set: AttrSet; depth: number }[]
}

/** Throws Refusal where a part that may set the option cannot be read. */
export function findSettings(root: Node, option: readonly string[]): Found {
  const search: Search = { option, definitions: [], blocks: [], dotted: [], homes: [] }
  const body = unwrap(root)
  visit(search, body, 0, false, body)
  // A `services = { … }` of its own is a better place than the module's top.
  search.homes.sort((a, b) => b.depth - a.depth)
  return { ...search, start: body.start }
}

/** Looks at what stands `depth` parts into the option's path; `at` is named where it cannot be read. */
function visit(search: Search, value: Node, depth: number, isConditional: boolean, at: Node | Bind): void {
  const node = unwrap(value)
  const mark = marked(node)
  if (node.kind === 'set') visitSet(search, node, depth, isConditional)
  else if (mark?.name === 'mkMerge') visitMerge(search, unwrap(mark.value), depth, isConditional)
  else if (mark?.name === 'mkIf') visit(search, mark.value, depth, true, at)
  else throw new Refusal('no-set', { what: search.option.slice(0, depth).join('.') || 'config' }, at.start)
}

/** Parts that are computed and do not name the option are none of ours. */
function visitMerge(search: Search, list: Node, depth: number, isConditional: boolean): void {
  if (list.kind !== 'list') throw new Refusal('no-set', { what: 'mkMerge' }, list.start)
  for (const item of list.items) {
    const isReadable = unwrap(item).kind === 'set' || marked(item) !== null
    if (isReadable || namesOption(search, item)) visit(search, item, depth, isConditional, item)
  }
}

function visitSet(search: Search, set: AttrSet, depth: number, isConditional: boolean): void {
  if (depth === search.option.length) {
    if (!isConditional) search.blocks.push(set)
    for (const bind of set.bindings) define(search, bind, isConditional)
    return
  }
  const isLong = depth === 0 && set.bindings.some((one) => one.kind === 'bind' && one.path[0] === 'config')
  const isDeclaring =
    depth === 0 && set.bindings.some((one) => one.kind === 'bind' && one.path[0] === 'options')
  if (!isConditional && !isLong && !isDeclaring) search.homes.push({ set, depth })
  for (const bind of set.bindings) {
    if (bind.kind === 'inherit') {
      if (bind.names.includes(search.option[depth] ?? null))
        throw new Refusal('not-plain', { what: search.option.join('.') }, bind.start)
      continue
    }
    const skipped = isLong && bind.path[0] === 'config' ? 1 : 0
    if (isLong && skipped === 0) continue
    visitBind(search, set, bind, depth, skipped, isConditional)
  }
}

function visitBind(
  search: Search,
  set: AttrSet,
  bind: Bind,
  depth: number,
  skipped: number,
  isConditional: boolean,
): void {
  const left = search.option.slice(depth)
  const path = bind.path.slice(skipped)
  const shared = Math.min(left.length, path.length)
  if (!left.slice(0, shared).every((part, index) => part === path[index])) return
  if (path.length <= left.length) {
    visit(search, bind.value, depth + path.length, isConditional, bind)
    return
  }
  const prefix = bind.path
    .slice(0, skipped + left.length)
    .map(write)
    .join('.')
  if (!isConditional) search.dotted.push({ set, bind, prefix })
  define(search, { ...bind, path: path.slice(left.length) }, isConditional)
}

const write = (attr: Attr) => (attr === null ? '' : printName(attr))

function define(search: Search, bind: AttrSet['bindings'][number], isConditional: boolean): void {
  if (bind.kind === 'inherit') {
    for (const name of bind.names)
      if (name !== null)
        search.definitions.push({
          name,
          value: { kind: 'id', text: name, start: bind.start, end: bind.start },
          isConditional,
        })
    return
  }
  const name = bind.path.map((attr) => attr ?? '').join('.')
  const node = unwrap(bind.value)
  const mark = marked(node)
  if (mark?.name === 'mkIf') search.definitions.push({ name, value: mark.value, isConditional: true })
  else search.definitions.push({ name, value: node, isConditional })
}

/** Whether an expression that cannot be followed may set the option. */
function namesOption(search: Search, node: Node): boolean {
  const last = search.option.at(-1) ?? ''
  for (const one of everyNode(node)) {
    if (one.kind === 'set' && one.bindings.some((bind) => bind.kind === 'bind' && bind.path.includes(last)))
      return true
    if (one.kind === 'id' && one.text === last) return true
  }
  return false
}
