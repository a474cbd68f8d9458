// Whether Chromium's sandbox works for this user, and what to say where it does not.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** `on`: nothing to do. `off`: start with --no-sandbox and warn. `unusable`: Electron would abort; `advice` says what to do. */
export type Sandbox =
  | { state: 'on' }
  | { state: 'off'; warning: string }
  | { state: 'unusable'; advice: string }

export interface SandboxFacts {
  root: boolean
  /** A user may make user namespaces. */
  namespaces: boolean
  /** chrome-sandbox beside the program belongs to root and is setuid. */
  suid: boolean
  /** The person asked for --no-sandbox. */
  asked: boolean
  executable: string
}

/** Decides from the facts. Pure. */
export function decideSandbox(facts: SandboxFacts): Sandbox {
  if (facts.root) {
    return {
      state: 'off',
      warning: 'Running as root: Chromium starts without its sandbox. Better start it as a normal user.',
    }
  }
  if (facts.asked) return { state: 'off', warning: 'Chromium starts without its sandbox, as you asked.' }
  if (facts.namespaces || facts.suid) return { state: 'on' }
  const helper = join(dirname(facts.executable), 'chrome-sandbox')
  return {
    state: 'unusable',
    advice: `Chromium's sandbox cannot be set up: this system lets users make no user namespaces.
Do one of these:
  - make the sandbox helper setuid: sudo chown root:root ${helper} && sudo chmod 4755 ${helper}
  - allow namespaces: sudo sysctl kernel.unprivileged_userns_clone=1 (Debian), kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu)
  - go without it: npm start -- --no-sandbox`,
  }
}

/** Looks at this machine. `unshare -U` (util-linux) tries a namespace for real; where it is missing, hope for the best. */
export function sandboxFacts(executable: string, args: readonly string[]): SandboxFacts {
  const tried = spawnSync('unshare', ['--user', '--map-root-user', 'true'], { stdio: 'ignore' })
  let suid = false
  try {
    const it = statSync(join(dirname(executable), 'chrome-sandbox'))
    suid = it.uid === 0 && (it.mode & 0o4000) !== 0
  } catch {
    suid = false // No helper there, as in nixpkgs: namespaces decide.
  }
  return {
    root: process.getuid?.() === 0,
    namespaces: tried.error !== undefined || tried.status === 0,
    suid,
    asked: args.includes('--no-sandbox'),
    executable,
  }
}
