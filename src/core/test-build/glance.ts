// The builders as the laptop's files name them: fast, for a test build, which proves by itself what it is told wrongly.
import { join } from 'node:path'
import { toBuilders } from '../laptop/builders.ts'
import type { SshRow } from '../laptop/configured-machines.ts'
import type { Builder } from '../laptop/facts.ts'
import { laptopFiles } from '../laptop/files.ts'
import { readMachines } from '../laptop/machines-file.ts'
import { readNixConf } from '../laptop/nix-conf.ts'
import { createSshResolver } from '../laptop/ssh-config.ts'

/** Settings that change what the rows mean: with one of these, Nix itself must be asked. */
const telling = ['system', 'build-hook']

/**
 * The same builders as a survey gives, with the same ids, but without asking Nix for its settings; null where the files
 * are not as plain as they usually are, name none, or have anything wrong.
 */
export async function glance(
  env: NodeJS.ProcessEnv,
  files = laptopFiles,
): Promise<readonly Builder[] | null> {
  const { settings, problems } = await readNixConf(files.nixConfDir)
  if (problems.length > 0 || telling.some((name) => settings.has(name))) return null
  const written = settings.get('builders') ?? {
    value: `@${join(files.nixConfDir, 'machines')}`,
    file: join(files.nixConfDir, 'nix.conf'),
    line: 1,
  }
  // Old and new Nix read plain rows alike.
  const system = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux`
  const read = await readMachines(written.value, written, system, 'old')
  const rows = read.rows.filter((row): row is SshRow => row.store.kind === 'ssh')
  if (read.problems.length > 0 || rows.length < read.rows.length || rows.length === 0) return null
  const ssh = await createSshResolver(env, files)(rows.map((row) => row.store))
  return ssh.problems.length > 0 ? null : toBuilders(rows, ssh.places, files)
}
