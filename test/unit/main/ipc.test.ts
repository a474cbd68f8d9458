// The IPC contract as main serves it: who may ask, and with what.
import { describe, expect, it, vi } from 'vitest'
import { type Handlers, type IpcEvent, pushTo, serveContract } from '../../../src/main/ipc.ts'
import { channelOf, contract } from '../../../src/shared/ipc.ts'
import { appState } from './snapshots.ts'

const own: IpcEvent = { senderFrame: { url: 'app://own/', parent: null } }

function served() {
  const channels = new Map<string, (event: IpcEvent, ...args: unknown[]) => Promise<unknown>>()
  const refused: string[] = []
  const names = Object.keys(contract).filter((name) => name !== 'stateChanged')
  const calls = Object.fromEntries(names.map((name) => [name, vi.fn(() => undefined)]))
  serveContract(
    { handle: (channel, listener) => void channels.set(channel, listener) },
    calls as unknown as Handlers,
    { isTrusted: (url) => url.startsWith('app://own/'), onRefused: (sentence) => refused.push(sentence) },
  )
  const call = (name: keyof typeof contract, event: IpcEvent, ...args: unknown[]) => {
    const listener = channels.get(channelOf(name))
    if (listener === undefined) throw new Error(`no channel for ${name}`)
    return listener(event, ...args)
  }
  return { channels, refused, calls, call }
}

describe('the served contract', () => {
  it('answers every call of the contract, and has no channel for a push', () => {
    const { channels } = served()
    expect(channels.size).toBe(Object.keys(contract).length - 1)
    expect(channels.has(channelOf('stateChanged'))).toBe(false)
  })

  it('hands a good request to its handler', async () => {
    const { call, calls } = served()
    await call('show', own, 'test-build')
    expect(calls['show']).toHaveBeenCalledWith('test-build')
  })

  it.each([
    ['another page', { senderFrame: { url: 'https://example.org/', parent: null } }],
    ['a frame inside a page', { senderFrame: { url: 'app://own/', parent: {} } }],
    ['a frame that is gone', { senderFrame: null }],
  ] as const)('refuses %s', async (_who, event) => {
    const { call, calls, refused } = served()
    await expect(call('getState', event)).rejects.toThrow('getState was refused')
    expect(calls['getState']).not.toHaveBeenCalled()
    expect(refused).toHaveLength(1)
  })

  it.each([
    ['show', ['settings']],
    ['show', []],
    ['show', ['status', 'more']],
    ['checkNow', [{}]],
    ['copy', ['x'.repeat(200_001)]],
    ['trustHostKey', [{ builder: 'a' }]],
    ['setDemoFault', [{ id: 'x', on: 'yes' }]],
  ] as const)('refuses a request that is not as the contract says: %s', async (name, args) => {
    const { call, calls, refused } = served()
    await expect(call(name, own, ...args)).rejects.toThrow(`${name} was refused`)
    expect(calls[name]).not.toHaveBeenCalled()
    // The log names the call, never what was in it.
    expect(refused[0]).not.toContain('xxx')
  })

  it('pushes on the push’s channel', () => {
    const send = vi.fn()
    const state = appState('ready')
    pushTo({ send }, 'stateChanged', state)
    expect(send).toHaveBeenCalledWith(channelOf('stateChanged'), state)
  })
})
