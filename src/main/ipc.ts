// Serves the contract of shared/ipc.ts: every call is checked for its sender and its request before a handler sees it.
import * as v from 'valibot'
import {
  channelOf,
  contract,
  type InvokeName,
  type MessageOf,
  type PushName,
  type RequestOf,
  type ResponseOf,
} from '../shared/ipc.ts'

/** One function for each call of the contract; a missing one is a compile error. */
export type Handlers = {
  readonly [N in InvokeName]: (request: RequestOf<N>) => Promise<ResponseOf<N>> | ResponseOf<N>
}

/** What is used of Electron's ipcMain and its events. */
export interface IpcEvent {
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null
}
export interface IpcServer {
  handle(channel: string, listener: (event: IpcEvent, ...args: unknown[]) => Promise<unknown>): void
}

interface Guard {
  /** Whether a frame at this address may call. */
  readonly isTrusted: (url: string) => boolean
  /** Told of each refused call, in a sentence without the request's content. */
  readonly onRefused: (sentence: string) => void
}

/** Registers every call. A refused one ends in an Error whose message names the call and nothing else. */
export function serveContract(ipc: IpcServer, handlers: Handlers, guard: Guard): void {
  for (const name of invokeNames()) serveCall(ipc, name, handlers, guard)
}

function serveCall<N extends InvokeName>(ipc: IpcServer, name: N, handlers: Handlers, guard: Guard): void {
  ipc.handle(channelOf(name), async (event, ...args) => {
    const refuse = (why: string): never => {
      guard.onRefused(`${name}: ${why}`)
      throw new Error(`${name} was refused`)
    }
    const frame = event.senderFrame
    // A frame that is gone (null) or sits inside another page is not the window's own.
    if (frame === null || frame.parent !== null || !guard.isTrusted(frame.url))
      return refuse('unknown sender')
    if (args.length > 1) return refuse('too many arguments')
    const request = v.safeParse(contract[name].request, args[0])
    if (!request.success) return refuse('not as the contract says')
    return handlers[name](request.output as RequestOf<N>)
  })
}

/** Sends a message of the contract to the window. */
export function pushTo<N extends PushName>(
  target: { send(channel: string, message: unknown): void },
  name: N,
  message: MessageOf<N>,
): void {
  target.send(channelOf(name), message)
}

function invokeNames(): readonly InvokeName[] {
  const names = Object.keys(contract) as (keyof typeof contract)[]
  return names.filter((name): name is InvokeName => contract[name].direction === 'invoke')
}
