// What each line of the tray's menu does.
import { app } from 'electron'
import type { View } from '../shared/app-state.ts'
import { setStartAtLogin, startAtLogin } from './autostart.ts'
import type { Core } from './core.ts'
import type { Log } from './log.ts'
import type { StartAtLogin, TrayCommand } from './tray-view.ts'

interface Parts {
  readonly core: Pick<Core, 'monitor' | 'testBuilds'>
  readonly log: Log
  readonly openView: (view: View) => void
  /** Whether the app starts with the session, as it is at the start. */
  readonly login: StartAtLogin
  /** The menu must be looked at again. */
  readonly onLoginChanged: () => void
}

export interface Commands {
  run(command: TrayCommand): void
  startAtLogin(): StartAtLogin
}

/** The commands, and the one answer that only they keep: whether the app starts with the session. */
export function createCommands({ core, log, openView, onLoginChanged, ...parts }: Parts): Commands {
  let login = parts.login
  // One after the other: a click while the last is under way means what that one will have made.
  let toggling = Promise.resolve()
  const toggleLogin = async (): Promise<void> => {
    await setStartAtLogin(login !== 'on')
    login = await startAtLogin()
  }
  const run = (command: TrayCommand): void => {
    switch (command) {
      case 'open':
        openView('status')
        break
      case 'check-now':
        core.monitor.checkNow().catch((error: unknown) => log.error('check now:', error))
        break
      case 'run-test-build':
        openView('test-build')
        core.testBuilds.start()
        break
      case 'repair':
        openView('repair')
        break
      case 'pause':
        if (core.monitor.state().snapshot.overall === 'paused') core.monitor.resume()
        else core.monitor.pause()
        break
      case 'start-at-login':
        toggling = toggling
          .then(toggleLogin)
          .catch((error: unknown) => log.error('start at login:', error))
          .finally(onLoginChanged)
        break
      case 'quit':
        app.quit()
        break
      default:
        command satisfies never
    }
  }
  return { run, startAtLogin: () => login }
}
