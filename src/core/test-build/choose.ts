// Asking for one builder among several: only a user whom this laptop's daemon trusts may set `builders`.
import { access, constants } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import type { Builder } from '../laptop/facts.ts'
import { laptopFiles } from '../laptop/files.ts'
import { readNixConf } from '../laptop/nix-conf.ts'
import { run } from '../laptop/run.ts'

/** The builder as a row for `--builders`. Columns: see core/laptop/machines.ts. */
export function machineRow(builder: Builder): string {
  const list = (words: readonly string[]) => (words.length === 0 ? '-' : words.join(','))
  const hostKey = builder.hostKeyLine
  return [
    builder.uri,
    list(builder.systems),
    builder.keyPath ?? '-',
    builder.maxJobs,
    builder.speedFactor,
    list(builder.supportedFeatures),
    list(builder.mandatoryFeatures),
    hostKey === null ? '-' : Buffer.from(hostKey).toString('base64'),
  ].join(' ')
}

/** Whether this user may choose: root, a trusted user, or one who owns the store (a Nix without a daemon). */
export async function mayChoose(env: NodeJS.ProcessEnv): Promise<boolean> {
  const me = userInfo()
  if (me.uid === 0) return true
  const [conf, groups, owns] = await Promise.all([
    readNixConf(laptopFiles.nixConfDir),
    groupNames(env),
    mayWrite(join(laptopFiles.nixStateDir, 'db')),
  ])
  const words = (name: string) => (conf.settings.get(name)?.value ?? '').split(/\s+/)
  const trusted = [...words('trusted-users'), ...words('extra-trusted-users')]
  return owns || isTrusted(trusted, me.username, groups)
}

/** Nix's rule for trusted-users: names, @groups, or * for everybody. */
export function isTrusted(trusted: readonly string[], user: string, groups: readonly string[]): boolean {
  return trusted.some(
    (one) => one === '*' || one === user || (one.startsWith('@') && groups.includes(one.slice(1))),
  )
}

async function groupNames(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const answer = await run('id', ['-Gn'], { env, deadlineMs: 2_000 })
  return answer.state === 'done' ? answer.stdout.trim().split(/\s+/) : []
}

function mayWrite(path: string): Promise<boolean> {
  return access(path, constants.W_OK).then(
    () => true,
    () => false,
  )
}
