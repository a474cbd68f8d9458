// The words of the window.
import { demoFaults } from './demo.ts'

export const window = {
  app: 'Offload Tray',
  nav: 'Views',
  viewStatus: 'Status',
  viewTestBuild: 'Test build',
  loading: 'Asking for the state…',
  callFailed: 'That did not work',
  dismiss: 'Dismiss',
  demo: 'Demo',
  demoExplain: 'Nothing here is real: a desktop inside this program answers, and you may break it.',

  // Proof and its age
  proven: 'Proven {age} ago',
  provenStale: 'Not proven for {age}: this may have changed',
  notProven: 'No proof yet',
  looked: 'Checked {age} ago',
  checkingNow: 'Checking…',
  checkAgain: 'Check again',

  // Cards and rows
  cache: 'Binary cache',
  thisLaptop: 'This laptop',
  slots: '{busy} of {max} slots busy',
  slotsFree: 'no build running, {max} slots',
  took: 'Took',
  ago: 'Proven',
  tookText: 'Took {time}',
  advice: 'Advice',
  skipExplain: 'An earlier check failed, so this one could not run.',
  unknownExplain: 'Nothing can prove this yet.',
  checkedExactly: 'Checked {time}',
  toTestBuild: 'Go to the test build',
  rawDetail: 'What was answered',
  copyDetails: 'Copy details',
  copyCommand: 'Copy command',
  copied: 'Copied',
  onLaptop: 'Run on this laptop',
  onDesktop: 'Run on the desktop',
  code: 'Code',

  // Host keys
  offeredKey: 'Key it shows now',
  expectedKey: 'Key you trusted',
  anotherMachine: 'Another machine may be at that address. Nothing was sent to it.',
  trustNo: 'Do not trust',

  // No builder yet
  firstTitle: 'Set up a builder',
  firstIntro: 'This laptop knows no desktop to build on. Tell Nix about one, and it shows up here by itself.',
  firstNixos: 'On NixOS, in your configuration',
  firstOther: 'Elsewhere, one line in /etc/nix/machines',
  firstAfter: 'Put your desktop’s name in place of “desktop”, and its number of jobs in place of 4.',
  copySnippet: 'Copy configuration',
  copyLine: 'Copy line',

  // Banners
  trayMissingTitle: 'No place for a tray icon',
  trayMissing:
    'This desktop shows no tray icons, so this window is all there is: closing it ends the app. On GNOME, the AppIndicator extension brings the icon.',
  internalTitle: 'Something went wrong inside this app',
  internalNext: 'If it stays, quit Offload Tray and start it again; its log tells more.',
  configTitle: 'Your settings file needs a look',

  // Demo
  demoTitle: 'Break the demo desktop',
  demoIntro: 'Each switch makes one real fault. Watch what the checks find.',
  demoNone: 'No fault can be switched on here.',
  demoFaults,
}
