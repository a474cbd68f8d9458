// What can be done, and why it cannot be done now.
import type { ActionWords } from '../words.ts'

export const actions: ActionWords = {
  labels: {
    'check-now': 'Check now',
    'run-test-build': 'Run test build',
    'cancel-test-build': 'Cancel test build',
    'ask-root': 'Ask as root',
    'stop-asking-root': 'Stop asking',
    'trust-host-key': 'Trust it, repair nothing',
  },
  reasons: {
    checking: 'a check is under way',
    'test-build-running': 'a test build is running',
    'no-test-build': 'no test build is running',
    'nothing-hidden': 'the last test build hides no reason',
    'asking-root': 'root is being asked',
    'not-asking-root': 'root is not being asked',
    'no-builder': 'add your desktop first',
    'no-offered-key': 'no host key is waiting for trust',
    paused: 'watching is paused',
  },
}
