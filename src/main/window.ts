// The one window: made when it is asked for, destroyed when it is closed, made anew when its renderer dies.
import { join } from 'node:path'
import { app, BrowserWindow, nativeTheme } from 'electron'
import { readSize, writeSize } from './bounds.ts'
import type { Log } from './log.ts'
import { pageUrl } from './page.ts'

export interface WindowFace {
  /** Shows the window; makes it where there is none. */
  open(): void
  /** The window's pages, to push to; null while there is no window. */
  target(): Electron.WebContents | null
  /** Whether the person can see it now. */
  isOpen(): boolean
}

interface WindowOptions {
  readonly log: Log
  /** Where the size is kept. */
  readonly sizeFile: string
  readonly icon: string
  /** Runs once, before the first window is made. */
  readonly beforeFirst: () => void
  readonly onClosed: () => void
}

/** A renderer that dies this often in a minute is not made again: it would only flicker. */
const maxRemakes = 3

/** Keeps the one window. */
export function createWindowFace(options: WindowOptions): WindowFace {
  let window: BrowserWindow | null = null
  let making = false
  let prepared = false
  let deaths: readonly number[] = []

  const make = async (): Promise<void> => {
    if (!prepared) options.beforeFirst()
    prepared = true
    const size = await readSize(options.sizeFile)
    const made = buildWindow(size, options.icon)
    window = made
    made.once('ready-to-show', () => made.show())
    made.on('close', () => keepSize(made, options))
    made.on('closed', () => {
      if (window === made) window = null
      options.onClosed()
    })
    made.webContents.on('render-process-gone', (_event, details) => {
      if (details.reason === 'clean-exit') return
      options.log.error('the window ended unexpectedly:', details.reason)
      deaths = [...deaths.filter((at) => Date.now() - at < 60_000), Date.now()]
      window = null
      // Made before the old one goes, so that the app is not left without a face in between.
      if (deaths.length <= maxRemakes) open()
      if (!made.isDestroyed()) made.destroy()
    })
    await made.loadURL(pageUrl)
  }

  const open = (): void => {
    if (window !== null) {
      raise(window)
      return
    }
    if (making) return
    making = true
    make()
      .catch((error: unknown) => options.log.error('the window could not be opened:', error))
      .finally(() => {
        making = false
      })
  }

  return {
    open,
    target: () => (window === null || window.isDestroyed() ? null : window.webContents),
    isOpen: () => window !== null && !window.isDestroyed(),
  }
}

function buildWindow(size: { width: number; height: number }, icon: string): BrowserWindow {
  return new BrowserWindow({
    ...size,
    minWidth: 360,
    minHeight: 300,
    show: false,
    title: 'Offload Tray',
    icon,
    autoHideMenuBar: true,
    // What is seen before the first paint: --ground of base.css, so that nothing flashes.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#151719' : '#f5f5f3',
    webPreferences: {
      preload: join(app.getAppPath(), 'out', 'preload', 'index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  })
}

function raise(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

function keepSize(window: BrowserWindow, options: WindowOptions): void {
  const { width, height } = window.getNormalBounds()
  writeSize(options.sizeFile, { width, height }).catch((error: unknown) =>
    options.log.warn('the window size was not kept:', error),
  )
}
