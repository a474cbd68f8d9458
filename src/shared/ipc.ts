// The contract between main and the window, as data: name, direction, request and response schema; one line a call.
import * as v from 'valibot'
import { type AppState, views } from './app-state.ts'
import { guidePhases, type UndoKind } from './guide.ts'
import { stepIds } from './repair.ts'

/** A call from the window that main answers. */
interface Invoke<Request extends v.GenericSchema, Response> {
  readonly direction: 'invoke'
  readonly request: Request
  /** Only a type: main is trusted, so its answers are not checked again. */
  readonly response?: Response
}

/** A message from main to the window; the window cannot send it. */
interface Push<Message> {
  readonly direction: 'push'
  readonly message?: Message
}

const invoke = <Request extends v.GenericSchema, Response = void>(
  request: Request,
): Invoke<Request, Response> => ({
  direction: 'invoke',
  request,
})
const push = <Message>(): Push<Message> => ({ direction: 'push' })

const nothing = v.undefined()
const shortText = v.pipe(v.string(), v.maxLength(200))
/** Held only on its way to the session; never kept, shown or logged. */
const secretText = v.pipe(v.string(), v.maxLength(1000))
const pathText = v.pipe(v.string(), v.maxLength(4000))
const copyText = v.pipe(v.string(), v.maxLength(200_000))

const undoKinds = ['remove-key', 'restore', 'all'] as const satisfies readonly UndoKind[]
const signIn = v.variant('kind', [
  v.strictObject({ kind: v.literal('agent') }),
  v.strictObject({
    kind: v.literal('key-file'),
    path: pathText,
    passphrase: v.exactOptional(secretText),
  }),
  v.strictObject({ kind: v.literal('password'), password: secretText }),
  v.strictObject({ kind: v.literal('keyboard-interactive') }),
])

/** What the person types is judged again where it is used. */
const laptopWish = v.strictObject({
  builder: v.exactOptional(shortText),
  first: v.exactOptional(v.strictObject({ host: shortText, user: shortText })),
  newAddress: v.exactOptional(shortText),
  cacheKey: v.exactOptional(v.pipe(v.string(), v.maxLength(300))),
  hostKey: v.exactOptional(shortText),
  scope: v.exactOptional(v.literal('host-key')),
})

export const contract = {
  /** The whole state, once at the start; later states come by `stateChanged`. */
  getState: invoke<typeof nothing, AppState>(nothing),
  stateChanged: push<AppState>(),
  checkNow: invoke(nothing),
  show: invoke(v.picklist(views)),
  /** Keeps the shown fingerprint in the app's own known_hosts. The fingerprint must be the one main offered. */
  trustHostKey: invoke(v.object({ builder: shortText, fingerprint: shortText })),
  copy: invoke(copyText),
  startTestBuild: invoke(v.object({ builder: v.optional(shortText) })),
  cancelTestBuild: invoke(nothing),
  /** Why Nix hid the reason of the last one; the system itself asks for a password. */
  askRoot: invoke(nothing),
  stopAskingRoot: invoke(nothing),
  /** Begins the guided repair of a builder and shows it; a repair of it that is under way goes on. */
  repairOpen: invoke(v.object({ builder: shortText })),
  repairRetry: invoke(nothing),
  /** Makes the builder key that the guide misses; root's password is asked for by the system itself. */
  repairMakeKey: invoke(nothing),
  repairTrust: invoke(v.object({ fingerprint: shortText })),
  repairSignIn: invoke(v.object({ user: shortText, how: signIn })),
  /** null gives the sign-in up. */
  repairAnswer: invoke(v.object({ answers: v.nullable(v.pipe(v.array(secretText), v.maxLength(30))) })),
  /** null goes on without root's rights. */
  repairElevate: invoke(v.object({ sudoPassword: v.nullable(secretText) })),
  repairChoose: invoke(
    v.object({
      step: v.picklist(stepIds),
      skip: v.exactOptional(v.boolean()),
      option: v.exactOptional(shortText),
    }),
  ),
  repairApply: invoke(v.object({ sudoPassword: v.exactOptional(secretText) })),
  repairBack: invoke(v.object({ phase: v.picklist(guidePhases) })),
  repairCancel: invoke(nothing),
  repairUndo: invoke(v.object({ kind: v.picklist(undoKinds) })),
  /** Ends the guide and forgets its secrets; what is under way is cancelled first. */
  repairClose: invoke(nothing),
  /** What this laptop itself still needs, shown in the guide; nobody signs in anywhere. */
  laptopOpen: invoke(laptopWish),
  laptopApply: invoke(nothing),
  laptopSkip: invoke(nothing),
  laptopUndo: invoke(nothing),
  setDemoFault: invoke(v.object({ id: shortText, on: v.boolean() })),
} as const

export type Contract = typeof contract
export type InvokeName = {
  [N in keyof Contract]: Contract[N]['direction'] extends 'invoke' ? N : never
}[keyof Contract]
export type PushName = Exclude<keyof Contract, InvokeName>
export type RequestOf<N extends InvokeName> =
  Contract[N] extends Invoke<infer S, unknown> ? v.InferOutput<S> : never
export type ResponseOf<N extends InvokeName> =
  Contract[N] extends Invoke<v.GenericSchema, infer R> ? R : never
export type MessageOf<N extends PushName> = Contract[N] extends Push<infer M> ? M : never

/** The channel of a call on Electron's wire. */
export function channelOf(name: keyof Contract): string {
  return `offload-tray:${name}`
}

/** The one object the preload exposes: a function a call, and a subscription a push (it returns how to end it). */
export type Api = {
  readonly [N in InvokeName]: (
    ...args: undefined extends RequestOf<N> ? [] : [RequestOf<N>]
  ) => Promise<ResponseOf<N>>
} & {
  readonly [N in PushName as `on${Capitalize<N>}`]: (listener: (message: MessageOf<N>) => void) => () => void
}
