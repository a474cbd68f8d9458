// What no page of this app may do, whatever it holds: leave its own address, open windows, ask for permissions.
import { app, type Session } from 'electron'
import { isOwnPage } from './page.ts'

/** Applies to every page that will ever be made. `onRefused` is told each attempt in a sentence. */
export function hardenPages(onRefused: (sentence: string) => void): void {
  app.on('web-contents-created', (_created, contents) => {
    contents.setWindowOpenHandler(({ url }) => {
      onRefused(`opening ${url}`)
      return { action: 'deny' }
    })
    contents.on('will-attach-webview', (event) => event.preventDefault())
    for (const change of ['will-navigate', 'will-redirect', 'will-frame-navigate'] as const) {
      contents.on(change as 'will-navigate', (event) => {
        if (isOwnPage(event.url)) return
        event.preventDefault()
        onRefused(`${change} to ${event.url}`)
      })
    }
  })
}

/** No permission, no device and no download for a session's pages. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => event.preventDefault())
}
