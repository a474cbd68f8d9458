// The one object the window gets from the app: a function for each call of the contract, a subscription for each push.
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron'
import { type Api, channelOf, contract } from '../shared/ipc.ts'

type Name = keyof typeof contract

function invoke(name: Name) {
  return (request?: unknown) => ipcRenderer.invoke(channelOf(name), request)
}

/** The listener gets the message only: Electron's event would hand the page a way to answer any channel. */
function subscribe(name: Name) {
  return (listener: (message: unknown) => void) => {
    const heard = (_event: IpcRendererEvent, message: unknown) => listener(message)
    ipcRenderer.on(channelOf(name), heard)
    // Without this a component that mounts again would leave its old listener behind.
    return () => {
      ipcRenderer.removeListener(channelOf(name), heard)
    }
  }
}

const entries = (Object.keys(contract) as Name[]).map((name) =>
  contract[name].direction === 'invoke'
    ? [name, invoke(name)]
    : [`on${name.charAt(0).toUpperCase()}${name.slice(1)}`, subscribe(name)],
)

// The contract gives both the names here and the type Api; Object.fromEntries cannot carry that to the type system.
contextBridge.exposeInMainWorld('offloadTray', Object.fromEntries(entries) as Api)
