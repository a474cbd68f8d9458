// The steps about the builder's account: made, given a shell, unlocked.
import { shellWord } from '../../../shared/shell-word.ts'
import { newHome } from '../diagnose.ts'
import { call } from '../sh.ts'
import type { SurveyFacts } from '../survey-facts.ts'
import type { Context } from './context.ts'
import { type Made, made } from './made.ts'

export function createUser({ user, params, facts }: Context): Made {
  const home = newHome(user)
  const groups = facts.nixUsersGroup ? ['-G', 'nix-users'] : []
  const flags = ['--system', '--user-group', '--create-home', '--home-dir', home, '--shell', '/bin/sh']
  return made({
    id: 'create-builder-user',
    cause: 'desktop.builder-user-missing',
    params,
    // "*" and not "!": no password fits, and sshd without PAM does not take the account for locked.
    commands: [
      ['useradd', ...flags, ...groups, user],
      ['usermod', '-p', '*', user],
      ['install', '-d', '-o', user, '-g', user, home],
    ],
    check: call('has_user', [user]),
    undo: [['drop_user', user, facts.user.homeThere ? '' : home]],
    byHand: [`userdel ${facts.user.homeThere ? '' : '-r '}${shellWord(user)}`],
    scripts: ['account'],
  })
}

export function setShell({ user, params, facts }: Context): Made {
  return made({
    id: 'set-builder-shell',
    cause: 'desktop.builder-shell',
    params,
    commands: [['usermod', '-s', '/bin/sh', user]],
    check: call('has_shell', [user, '/bin/sh']),
    undo: [['usermod', '-s', facts.user.shell, user]],
    byHand: [`usermod -s ${shellWord(facts.user.shell)} ${shellWord(user)}`],
  })
}

/** It stays unlocked only as long as nobody takes it back: what locked it is kept (account.sh). */
export function unlock({ user, params, facts }: Context): Made {
  const { locked, expires } = facts.user
  const until = dateOf(expires)
  const name = shellWord(user)
  return made({
    id: 'unlock-builder',
    cause: 'desktop.builder-locked',
    params,
    commands: [['unlock_user', user]],
    check: call('is_unlocked', [user]),
    undo: [['relock_user', user, until]],
    byHand: [
      ...(locked === true ? [`usermod -L ${name}`] : []),
      ...(until === '' ? [] : [`usermod -e ${until} ${name}`]),
    ],
    scripts: ['account'],
  })
}

/** shadow(5) counts days since 1970-01-01. */
function dateOf(days: string): string {
  return /^\d{1,6}$/.test(days) ? new Date(Number(days) * 86_400_000).toISOString().slice(0, 10) : ''
}

/** The builder's own group; a new builder gets one of its name. */
export function groupOf({ user: found }: SurveyFacts, name: string): string {
  return found.exists && /^[\w.-]+\$?$/.test(found.group) ? found.group : name
}
