// The command line that puts a program inside one of the lab's machines, and its environment there.

import { ownPidNamespace } from './processes.ts'
import type { LabState, Pids } from './state.ts'

export type Who = 'alice' | 'root'

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const homes: Readonly<Record<Who, string>> = { alice: '/lab/home', root: '/root' }

const pidHere = (state: LabState, pids: Pids): string =>
  String(ownPidNamespace() === state.pidNamespace ? pids.lab : pids.host)

/** A clean login's environment on the laptop; nothing of the caller's but what is given. */
export function laptopEnv(who: Who, extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const base = {
    PATH: path,
    HOME: homes[who],
    USER: who,
    LOGNAME: who,
    SHELL: '/bin/bash',
    LANG: 'C.UTF-8',
    SHLVL: '1',
  }
  const session = who === 'alice' ? { XDG_RUNTIME_DIR: '/run/user/2001' } : {}
  return { ...base, ...session, ...extra }
}

/** Inside the laptop: mount, network, PID and host name spaces; alice loses every privilege. */
export function laptopArgv(state: LabState, who: Who, argv: readonly string[], cwd?: string): string[] {
  const enter = ['nsenter', '-t', pidHere(state, state.laptop.pids), '-m', '-n', '-p', '-u', '--']
  const drop =
    who === 'alice'
      ? [
          'setpriv',
          '--reuid=2001',
          '--regid=2001',
          '--clear-groups',

          '--inh-caps=-all',
          '--',
        ]
      : []
  return [...enter, ...drop, 'env', `--chdir=${cwd ?? homes[who]}`, '--', ...argv]
}

/** Inside a desktop, as root, with systemd and its bus in reach. Throws on a number that is no desktop. */
export function desktopArgv(state: LabState, desktop: number, argv: readonly string[]): string[] {
  const machine = state.desktops[desktop - 1]
  if (!machine) throw new Error(`there is no desktop ${desktop}: the lab has ${state.desktops.length}`)
  const enter = ['nsenter', '-t', pidHere(state, machine.pids), '-m', '-n', '-p', '-u', '-i', '--']
  return [...enter, 'env', '--chdir=/', '--', ...argv]
}

export const desktopEnv = (): Record<string, string> => ({
  PATH: path,
  HOME: '/root',
  USER: 'root',
  LANG: 'C.UTF-8',
  TERM: 'dumb',
})
