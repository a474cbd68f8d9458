// The steps about Nix: found by the builder, letting it in, trusting it. Where Nix is not there at all: how to get it.

import { problem } from '../../../shared/outcome.ts'
import type { FileChange, Unmended } from '../../../shared/repair.ts'
import { shellWord } from '../../../shared/shell-word.ts'
import { cleanText } from '../../desktop/clean-text.ts'
import { withLine } from '../authorized-keys.ts'
import { groupsOf, type MachineFinding } from '../diagnose-machine.ts'
import { unifiedDiff } from '../diff.ts'
import type { TextFile } from '../machine-facts.ts'
import { call } from '../sh.ts'
import type { Context } from './context.ts'
import { type Made, made } from './made.ts'

const programs = ['nix-daemon', 'nix-store', 'nix'] as const

/** The params of causes that are seen from the laptop. */
function seenFromLaptop({ params, target }: Context) {
  return { ...params, port: target.builder.address.port, key: target.keyFile.path }
}

export function nixMissing(context: Context): Unmended {
  const { id, like } = context.facts.os
  return { ...problem('nix.not-found', seenFromLaptop(context)), snippet: howToGetNix(`${id} ${like}`) }
}

/** Debian's and Arch's own packages; elsewhere Nix's installer, which wants a person's eyes. */
function howToGetNix(os: string): string {
  if (/\b(debian|ubuntu)\b/.test(os)) return 'sudo apt install nix-bin nix-setup-systemd\n'
  if (/\barch\b/.test(os)) return 'sudo pacman -S nix && sudo systemctl enable --now nix-daemon\n'
  return 'sh <(curl -L https://nixos.org/nix/install) --daemon\n'
}

/** An early line of a start file that ends it wherever no person listens. */
export function shellNoise(
  { said }: Extract<MachineFinding, { kind: 'shell-noise' }>,
  context: Context,
): Unmended {
  const snippet =
    '# at the top of ~/.bashrc (or the shell’s own start file):\ncase $- in *i*) ;; *) return ;; esac\n'
  return { ...problem('desktop.shell-noise', seenFromLaptop(context), cleanText(said, 600)), snippet }
}

/** NixOS has no /usr/local/bin on anybody's PATH: there only its configuration can help. */
export function findNix(context: Context): Made | Unmended {
  const { bin } = context.facts.machine.nix
  if (context.facts.os.nixos) return problem('nix.not-found', seenFromLaptop(context))
  const links = programs.map((name) => [`${bin}/${name}`, `/usr/local/bin/${name}`] as const)
  return made({
    id: 'find-nix',
    cause: 'nix.not-found',
    params: seenFromLaptop(context),
    commands: links.map(([to, link]) => ['link_once', to, link]),
    check: links.map(([to, link]) => call('is_link', [to, link])).join(' && '),
    undo: links.map(([to, link]) => ['unlink_ours', to, link]),
    byHand: [`rm ${links.map(([, link]) => link).join(' ')}`],
    scripts: ['services'],
  })
}

export function joinGroup(
  { group }: Extract<MachineFinding, { kind: 'socket-closed' }>,
  context: Context,
): Made | Unmended {
  const { user, params, facts } = context
  const known = /^[A-Za-z_][\w.-]*$/.test(group)
  // In the group and still shut out: its mode keeps everybody out, which is somebody's wish.
  if (!known || groupsOf(facts, user).includes(group)) return problem('nix.not-allowed', params)
  return made({
    id: 'allow-builder',
    cause: 'nix.not-allowed',
    params,
    commands: [['usermod', '-aG', group, user]],
    check: call('is_in_group', [user, group]),
    undo: [['gpasswd', '-d', user, group]],
    byHand: [`gpasswd -d ${shellWord(user)} ${group}`],
  })
}

export function trustBuilder(
  { allowed }: Extract<MachineFinding, { kind: 'not-trusted' }>,
  context: Context,
): Made | Unmended {
  const { user, params, facts } = context
  // Who is trusted is allowed as well (daemon.cc, processConnection): one line mends both.
  const cause = allowed ? 'nix.not-trusted' : 'nix.not-allowed'
  const { conf, bin } = facts.machine.nix
  const setting = `extra-trusted-users = ${user}`
  const unfit = confProblem(conf, context)
  if (unfit !== null) return unfit === 'cannot' ? problem(cause, params) : unfit
  if (!/^[A-Za-z_][\w.-]*\$?$/.test(user)) return problem(cause, params)
  const restart = ['systemctl', 'try-restart', 'nix-daemon.service']
  return made({
    id: 'trust-builder',
    cause,
    params,
    // Builds that run go on: the unit's KillMode=process leaves their workers alone.
    commands: [['add_setting', conf.path, setting], restart],
    check: `${call('nix_lists', [bin, 'trusted-users', user])}`,
    undo: [['remove_setting', conf.path, setting], restart],
    byHand: [`sed -i --follow-symlinks '/^${setting}$/d' ${shellWord(conf.path)}`, restart.join(' ')],
    changes: [confChange(conf, setting)],
    scripts: ['nix-conf'],
  })
}

/** It reads its settings only when it starts. */
export function restartDaemon(
  { allowed }: Extract<MachineFinding, { kind: 'daemon-stale' }>,
  { params, facts }: Context,
): Made | Unmended {
  const cause = allowed ? 'nix.not-trusted' : 'nix.not-allowed'
  if (facts.machine.units === null) return problem(cause, params)
  return made({
    id: 'trust-builder',
    cause,
    params,
    commands: [['restart_daemon', 'nix-daemon.service']],
    check: '[ "$daemon_restarted" = yes ]',
    scripts: ['nix-conf'],
  })
}

/** Why the file cannot be given another line; null: it can. */
export function confProblem(conf: TextFile, { facts, params }: Context): Unmended | 'cannot' | null {
  if (conf.real.startsWith('/nix/store/')) return 'cannot'
  if (conf.kind === 'folder' || conf.kind === 'other') return 'cannot'
  if (facts.machine.units === null) return 'cannot'
  const asRoot = facts.rights.kind !== 'none' && facts.rights.kind !== 'needs-password'
  if (asRoot && !conf.writable) return problem('desktop.read-only', { host: params.host, file: conf.real })
  return null
}

/** What a line more makes of it. */
export function confChange(conf: TextFile, ...lines: readonly string[]): FileChange {
  const path = cleanText(conf.real, 300)
  const before = conf.kind === 'missing' ? null : conf.hex === null ? undefined : bytesOf(conf.hex)
  if (before === undefined) return { path, diff: '' }
  const after = lines.reduce(withLine, before ?? '')
  const utf8 = (text: string) => Buffer.from(text, 'latin1').toString('utf8')
  const diff = unifiedDiff(path, before === null ? null : utf8(before), utf8(after))
  return before === null ? { path, diff, owner: { from: '', to: 'root:root 0644' } } : { path, diff }
}

function bytesOf(hex: string): string {
  return Buffer.from(hex, 'hex').toString('latin1')
}
