// The words of the guided repair: its phases, its steps, and what it says when its window is closed.
import type { StepId, StepState } from '../../repair.ts'

const steps: Readonly<Record<StepId, string>> = {
  'create-builder-user': 'Create the builder’s account',
  'set-builder-shell': 'Give the builder’s account a shell',
  'unlock-builder': 'Unlock the builder’s account',
  'mend-home': 'Mend the home folder’s permissions',
  'create-ssh-folder': 'Make the folder for keys',
  'mend-permissions': 'Mend owner and permissions',
  'push-key': 'Put this laptop’s key in place',
}

const stepStates: Readonly<Record<StepState, string>> = {
  pending: 'waiting',
  running: 'running',
  done: 'done',
  unchanged: 'was well already',
  failed: 'failed',
  'rolled-back': 'undone',
  skipped: 'left out',
}

export const repairView = {
  tab: 'Repair',
  over: 'Repair of {host}',
  stepper: 'Steps of the repair',
  goBack: 'Back to {step}',
  phases: {
    find: 'Find',
    trust: 'Trust',
    'sign-in': 'Sign in',
    review: 'Review',
    repair: 'Repair',
    proof: 'Proof',
  },
  phaseDone: 'done',
  close: 'Close',
  stop: 'Stop',
  stopping: 'Stopping…',
  tryAgain: 'Try again',
  startAgain: 'Begin again',
  whatWasSaid: 'What was said',

  // Nothing chosen yet
  chooseTitle: 'Repair',
  chooseIntro: 'Sign in to a desktop once, see what will be changed there, and prove that it works.',
  chooseNone: 'Nothing here asks for a repair now.',
  chooseOne: 'Repair {host}',

  // Find
  findTitle: 'Looking for {host}',
  findFailed: '{host} cannot be repaired yet',
  findBusy: 'Asking {host} on port {port} for its host key. Nothing else is sent.',
  keyMissingTitle: 'This laptop has no builder key yet',
  keyMissing:
    'The builder key is what the desktop will recognise this laptop by. Make one, once; a key that is there already is never overwritten.',
  makeKey: 'Make the key now',
  makingKey: 'Making the key: your system may ask for a password…',
  keyNotMade: 'The key was not made',
  keyNixos: 'On NixOS, in your configuration',
  keyOther: 'Elsewhere, on this laptop',

  // Trust
  trustTitle: 'Is this {host}?',
  trustChangedTitle: '{host} shows another key than before',
  trustFirst:
    'Away from home, or after the router gave out new addresses, another machine may simply be at that address. Then do not trust it.',
  trustIntro: 'Before you sign in, compare the fingerprint. Nothing has been sent yet.',
  trustNow: 'Shown now by {host}',
  trustBefore: 'Trusted before',
  trustBeforeAt: 'Trusted before, in {source}',
  trustWhere: 'The desktop’s owner reads the same there with:',
  trustYes: 'They are the same: trust it',
  trustYesChanged: 'I compared it on the desktop: trust the new key',
  trustBusy: 'Keeping the key…',

  // Sign in
  signInTitle: 'Sign in to {host}',
  signInIntro:
    'As somebody who may administer {host}. What you type is used for this one session and kept nowhere.',
  user: 'User on {host}',
  way: 'Sign in with',
  wayAgent: 'SSH agent',
  wayAgentOne: '1 key',
  wayAgentMany: '{count} keys',
  wayAgentNone: 'holds no key',
  wayKeyFile: 'Key file',
  wayPassword: 'Password',
  wayQuestions: 'Questions {host} asks',
  keyFile: 'Key file',
  keyFileOther: 'Another file…',
  keyFilePath: 'Path of the key file',
  passphrase: 'Passphrase, if it has one',
  password: 'Password of {user}',
  demoPassword: 'In this demo the password, for sign-in and for sudo, is “demo”.',
  signIn: 'Sign in',
  signingIn: 'Signing in…',
  triesLeft: 'Tries left: {count}. After that {host} may turn this laptop away for a while.',
  noTriesLeft:
    'No tries left: one more might lock this laptop out of {host}. Wait a few minutes, then begin again.',
  asksTitle: '{host} asks',
  asksOwn: 'The words in the frame are the desktop’s own, not this app’s.',
  asksNothing: '{host} asks for nothing more.',
  answer: 'Answer',
  answerEmptyLabel: 'Answer {number}',
  giveUp: 'Give up',

  // Survey
  surveyTitle: 'Looking at {host}',
  surveyBusy: 'Reading accounts, keys and permissions as {admin}. Nothing is changed.',
  surveyFailed: '{host} could not be looked at',
  sudoTitle: 'Look as root',
  sudoIntro:
    'Some of what matters may be read by root only. sudo on {host} asks for the password of {admin}.',
  sudoPassword: 'sudo password of {admin}',
  sudoGo: 'Look as root',
  sudoWithout: 'Go on without',
  sudoTriesLeft: 'Tries left: {count}.',

  // Review
  reviewTitle: 'What will be changed on {host}',
  reviewNothing: '{host} needs no change',
  reviewNothingIntro: 'Everything that was looked at is well. Prove it with a test build.',
  reviewIntro: 'Nothing has been changed yet. You are signed in as {admin}.',
  reviewPartial:
    'Read without root’s rights: what stands in closed folders is not known, so more may turn up.',
  asRoot: 'Runs on {host} as root',
  asAdmin: 'Runs on {host} as {admin}',
  onLaptop: 'Runs on this laptop',
  risks: { none: 'no risk', low: 'low risk', high: 'high risk' },
  leaveOut: 'Leave out',
  choice: 'How',
  choices: { leave: 'Leave it as it is', replace: 'Replace it' },
  owner: '{from} becomes {to}',
  diffOf: 'Change to {file}',
  commands: 'Exact commands',
  copyCommands: 'Copy commands',
  script: 'The whole program',
  copyScript: 'Copy program',
  unmendedTitle: 'Not mended from here',
  snippet: 'For the desktop’s own configuration',
  sudoBefore: 'Root’s part needs the sudo password first. You see the plan once more before anything runs.',
  applyOne: 'Make this change',
  applyMany: 'Make these {count} changes',
  applyNone: 'Go to the proof',

  // Repair
  repairTitle: 'Repairing {host}',
  repairCancelling: 'Stopping: the step that runs comes to a safe end first.',
  repairProgress: '{done} of {count} steps',
  stepOutput: 'Log',
  backup: 'The old file is kept as {file}',
  steps,
  stepStates,

  // Proof
  proofTitle: 'Proving it',
  proofKey: 'The builder key',
  proofKeyRunning: 'asking {host}…',
  proofKeyAccepted: 'accepted by {host}',
  proofKeyFailed: 'refused by {host}',
  proofBuild: 'A test build',
  proofBuildWaiting: 'waits for the key',
  proofBuildRunning: 'running on {host}…',
  proofBuildPassed: 'passed',
  proofBuildFailed: 'failed',

  // Done
  paired: 'Paired',
  pairedIntro: '{host} accepts this laptop’s key, and a test build has passed there.',
  notPaired: 'Not paired yet',
  notPairedKey: 'The steps have run, but {host} still refuses the builder key.',
  notPairedBuild: '{host} accepts the builder key, but the test build failed.',
  proveAgain: 'Prove again',
  lookAgain: 'Look again',
  summary: 'What was done on {host}',
  summaryNothing: 'Nothing was changed on {host}.',
  undoTitle: 'Take it back',
  undoIntro: 'As long as this view is open, you are still signed in.',
  undoKinds: { 'remove-key': 'Remove this laptop’s key', restore: 'Restore the file from before' },
  undoSure: 'Builds will run on this laptop again. Go on?',
  undoYes: 'Yes, take it back',
  undoNo: 'Keep it',
  undoBusy: 'Taking it back…',
  undoneTitle: 'Taken back',
  undone: { 'remove-key': 'This laptop’s key was removed.', restore: 'The file is as it was before.' },

  // Stopped
  stoppedTitle: 'Stopped',
  failedTitle: 'The repair could not finish',
  stoppedIntro: 'You stopped at “{phase}”.',
  failedIntro: 'It ended at “{phase}”.',
  stoppedNothing: 'Nothing was changed on {host}.',

  // A notification, when the window was closed
  cutOffTitle: 'Repair of {host} stopped',
  cutOffNothing: 'Nothing was changed there.',
  cutOffSome: 'Done: {done}. Not done: {left}.',
  cutOffAll: 'Done: {done}. It is not proven yet.',
  trayItem: 'Repair…',
}
