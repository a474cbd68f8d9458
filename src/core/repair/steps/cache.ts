// The steps that set up the cache: a unit of its own for a program that is there, and the key named to one that is not told.

import { problem } from '../../../shared/outcome.ts'
import type { Unmended } from '../../../shared/repair.ts'
import { shellWord } from '../../../shared/shell-word.ts'
import { cleanText } from '../../desktop/clean-text.ts'
import { isListed, type MachineFinding } from '../diagnose-machine.ts'
import { unifiedDiff } from '../diff.ts'
import { call } from '../sh.ts'
import type { Context } from './context.ts'
import { type Made, made } from './made.ts'
import { confChange, confProblem } from './nix.ts'

/** The service, its user and its folder are called as the program's own packages call them. */
function serviceOf(program: string): 'harmonia' | 'nix-serve' {
  return isHarmonia(program) ? 'harmonia' : 'nix-serve'
}

function isHarmonia(program: string): boolean {
  return /\/harmonia[^/]*$/.test(program) || program.startsWith('harmonia')
}

/** Where programs are found by what the cache itself calls. */
const searched = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

export interface CacheUnit {
  readonly program: string
  readonly port: number
  readonly key: string
  /** Folder of Nix's own programs, which nix-serve calls. */
  readonly bin: string
  /** systemd hands the key on, so that the service's user needs no right to the file (LoadCredential, since 247). */
  readonly credential: boolean
}

/** The setting that tells a program where its key is. */
function keyVariable(program: string): string {
  return isHarmonia(program) ? 'SIGN_KEY_PATHS' : 'NIX_SECRET_KEY_FILE'
}

/** The unit's text. nix-serve and nix-serve-ng take --port; harmonia is at 5000 unless its file says otherwise. */
function cacheUnitText({ program, port, key, bin, credential }: CacheUnit): string {
  const start = isHarmonia(program) ? program : `${program} --port ${port}`
  const service = serviceOf(program)
  const variable = keyVariable(program)
  const run = credential
    ? [
        `LoadCredential=cache-key:${key}`,
        `ExecStart=/bin/sh -c '${variable}="$$CREDENTIALS_DIRECTORY/cache-key" exec ${start}'`,
      ]
    : [`Environment=${variable}=${key}`, `ExecStart=${start}`]
  return [
    '# Serves the whole Nix store of this machine to its network, signed. Written by Offload Tray.',
    '[Unit]',
    'Description=Binary cache of this machine',
    'After=network.target nix-daemon.socket',
    '',
    '[Service]',
    `User=${service}`,
    `Group=${service}`,
    `StateDirectory=${service}`,
    `Environment=HOME=/var/lib/${service} PATH=${bin}:${searched}`,
    ...run,
    'Restart=on-failure',
    'RestartSec=5',
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ].join('\n')
}

export function cacheMissing({ params, facts }: Context): Unmended {
  const nixos = facts.os.nixos
  const get = "nix --extra-experimental-features 'nix-command flakes' profile install nixpkgs#nix-serve-ng"
  const snippet = nixos ? undefined : `sudo ${get} --profile /nix/var/nix/profiles/default\n`
  const missing = problem('desktop.cache-service-missing', { host: params.host })
  return snippet === undefined ? missing : { ...missing, snippet }
}

export function installCache(
  { program }: Extract<MachineFinding, { kind: 'cache-not-set-up' }>,
  context: Context,
): Made | Unmended {
  const { params, facts } = context
  const { machine } = facts
  const { port, key } = machine.cache
  const cause = 'desktop.cache-service-missing'
  const plain = [program, key.path, machine.nix.bin].every((path) => /^\/[\w@+=:,./-]+$/.test(path))
  const otherPort = isHarmonia(program) && port !== 5000
  if (!plain || otherPort) return problem(cause, { host: params.host })
  const serviceUser = serviceOf(program)
  const unitName = `${serviceUser}.service`
  const unitFile = `/etc/systemd/system/${unitName}`
  const credential = (machine.systemd ?? 0) >= 247
  const text = cacheUnitText({ program, port, key: key.path, bin: machine.nix.bin, credential })
  const rights = serviceRights(context, serviceUser)
  if ('cause' in rights) return rights
  const own = credential
    ? []
    : [
        ['chown', '-h', `${serviceUser}:`, key.path],
        ['chmod', '400', key.path],
      ]
  return made({
    id: 'install-cache',
    cause,
    params: { host: params.host, what: program },
    commands: [
      ['add_service_user', serviceUser, rights.group],
      ...rights.commands,
      ...own,
      ['write_new', unitFile, text, '644'],
      ['unit_is_sound', unitFile],
      ['systemctl', 'daemon-reload'],
      ['systemctl', 'enable', unitName],
      ['start_unit', unitName],
      ['await_cache', String(port), unitName],
    ],
    check: `${call('is_ours', [unitFile, text])} && ${call('cache_runs', [unitName, String(port)])}`,
    undo: [
      ['stop_ours', unitName],
      ['remove_ours', unitFile, text],
      ['systemctl', 'daemon-reload'],
      ...rights.undo,
      ['drop_service_user', serviceUser],
    ],
    byHand: [
      `systemctl disable --now ${unitName}`,
      `rm ${unitFile}`,
      'systemctl daemon-reload',
      `userdel ${serviceUser}`,
      ...rights.byHand,
    ],
    changes: [
      {
        path: unitFile,
        diff: unifiedDiff(unitFile, null, `${text}\n`),
        owner: { from: '', to: 'root:root 0644' },
      },
      ...rights.changes,
    ],
    scripts: ['services', 'nix-conf'],
    seconds: 120,
  })
}

/** What the service's user needs to ask Nix's daemon: its socket's group, and a place in allowed-users. */
function serviceRights(context: Context, serviceUser: string) {
  const { nix } = context.facts.machine
  const group = /^[A-Za-z_][\w.-]*$/.test(nix.socketGroup) ? nix.socketGroup : ''
  const open = isListed(nix.allowedUsers ?? '*', serviceUser, [serviceUser, group])
  if (open) return { group, commands: [], undo: [], changes: [], byHand: [] }
  const unfit = confProblem(nix.conf, context)
  if (unfit !== null)
    return unfit === 'cannot' ? problem('nix.not-allowed', { ...context.params, user: serviceUser }) : unfit
  const setting = `extra-allowed-users = ${serviceUser}`
  const restart = ['systemctl', 'try-restart', 'nix-daemon.service']
  return {
    group,
    commands: [['add_setting', nix.conf.path, setting], restart],
    undo: [['remove_setting', nix.conf.path, setting], restart],
    changes: [confChange(nix.conf, setting)],
    byHand: [`sed -i --follow-symlinks '/^${setting}$/d' ${shellWord(nix.conf.path)}`, restart.join(' ')],
  }
}

/** A unit whose service signs nothing: told of the key by a file beside the unit, which stays as it is. */
export function nameKey(
  { unit }: Extract<MachineFinding, { kind: 'cache-unsigned' }>,
  { facts, params }: Context,
): Made | Unmended {
  const { machine } = facts
  const { port, key, user } = machine.cache
  const cause = 'cache.unsigned'
  const at = { host: params.host, url: `http://${params.host}:${port}` }
  const named = /^[A-Za-z_][\w.-]*$/.test(user)
  const ours = /^[\w@.-]+\.service$/.test(unit.name) && /^\/[\w@+=:,./-]+$/.test(key.path)
  // %d, the credentials' folder, is known to systemd since 250.
  if (!ours || (!named && (machine.systemd ?? 0) < 250)) return problem(cause, at)
  const variable = keyVariable(unit.name)
  const file = `/etc/systemd/system/${unit.name}.d/zz-offload-key.conf`
  const text = [
    '# The key that this cache signs with. Written by Offload Tray.',
    '[Service]',
    'UnsetEnvironment=',
    ...(named ? [] : [`LoadCredential=cache-key:${key.path}`]),
    `Environment=${variable}=${named ? key.path : '%d/cache-key'}`,
  ].join('\n')
  const again = [
    ['systemctl', 'daemon-reload'],
    ['start_unit', unit.name],
  ]
  const byHand = [`rm ${file}`, 'systemctl daemon-reload', `systemctl restart ${unit.name}`]
  return made({
    id: 'install-cache',
    cause,
    params: at,
    commands: [['write_new', file, text, '644'], ...again, ['await_cache', String(port), unit.name]],
    check: `${call('is_ours', [file, text])} && ${call('cache_answers', [String(port)])}`,
    undo: [['remove_ours', file, text], ...again],
    byHand,
    changes: [
      { path: file, diff: unifiedDiff(file, null, `${text}\n`), owner: { from: '', to: 'root:root 0644' } },
    ],
    scripts: ['services'],
    seconds: 120,
  })
}

function urlOf({ facts, params }: Context): string {
  return `http://${params.host}:${facts.machine.cache.port}`
}

/** Another program sits where the cache would be: whose it is, this app cannot know. */
export function portHeld({ by }: Extract<MachineFinding, { kind: 'port-held' }>, context: Context): Unmended {
  const what = cleanText(by, 100)
  return problem('cache.not-a-cache', { host: context.params.host, url: urlOf(context), what }, what)
}

export function otherStore(
  { folder }: Extract<MachineFinding, { kind: 'other-store' }>,
  context: Context,
): Unmended {
  const found = cleanText(folder, 200)
  const at = { host: context.params.host, url: urlOf(context), expected: '/nix/store', found }
  return problem('cache.store-dir-mismatch', at)
}

/** It answers, has its key, and fails all the same: its journal knows why. */
export function narinfoFails(
  { unit, status }: Extract<MachineFinding, { kind: 'cache-narinfo' }>,
  context: Context,
): Unmended {
  return problem(
    'cache.narinfo-error',
    { host: context.params.host, url: urlOf(context), status },
    cleanText(unit?.journal ?? '', 2000),
  )
}
