// The real laptop as a LaptopSource: Nix's settings, machines, keys, caches and busy slots put together.
import { good, type Outcome, type Problem, problem } from '../../shared/outcome.ts'
import type { Config } from '../config/config.ts'
import { readBuilderKey } from './builder-key.ts'
import { toBuilders } from './builders.ts'
import { readBusySlots } from './busy-slots.ts'
import { chooseCaches } from './caches.ts'
import { readConfiguredMachines, type SshRow } from './configured-machines.ts'
import { createDaemonCheck } from './daemon.ts'
import type { Builder, BuilderKeyFile, LaptopFacts, LaptopSource } from './facts.ts'
import { type LaptopFiles, laptopFiles } from './files.ts'
import { withNetrc } from './netrc.ts'
import { createMountLook } from './nfs-mount.ts'
import { versionAtLeast } from './nix-binary.ts'
import { createNixReader, type NixTruth } from './nix-settings.ts'
import { findSharedPaths } from './shared-paths.ts'
import { createSshResolver } from './ssh-config.ts'

export interface LaptopOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly config: Pick<Config, 'cache'>
  /** For tests: another tree than the laptop's own. */
  readonly files?: Partial<LaptopFiles>
}

/** The laptop this runs on. Keeps answers of `nix` and `ssh -G` while the files behind them stay the same. */
export function laptopSource(options: LaptopOptions): LaptopSource {
  const env = options.env ?? process.env
  const files = { ...laptopFiles, ...options.files }
  const readNix = createNixReader(env, files)
  const checkDaemon = createDaemonCheck(files, async () => {
    const nix = await readNix()
    return nix.ok && nix.value.allowedUsers.includes('*')
  })
  const resolveSsh = createSshResolver(env, files)
  return {
    async survey(waiting): Promise<Outcome<LaptopFacts>> {
      const [nix, daemon] = await Promise.all([readNix(waiting), checkDaemon()])
      if (!nix.ok) return nix
      const machines = await readConfiguredMachines(nix.value, files)
      const ssh = await resolveSsh(machines.rows.map((row) => row.store))
      const builders = toBuilders(machines.rows, ssh.places, files)
      const [keys, choice] = await Promise.all([
        readKeys(builders),
        chooseCaches(nix.value.settings.substituters, builders, options.config.cache),
      ])
      const logins = await withNetrc(choice.caches, nix.value.netrcFile)
      const all = [
        ...(daemon === null ? [] : [daemon]),
        ...nix.value.problems,
        ...machines.problems,
        ...portProblems(machines.rows, nix.value),
        ...ssh.problems,
        ...logins.problems,
      ]
      return good({
        nixVersion: nix.value.nix.version,
        settings: nix.value.settings,
        builders,
        keys,
        caches: logins.caches,
        otherSubstituters: choice.otherSubstituters,
        problems: [...all.filter(isUnfit), ...all.filter((one) => !isUnfit(one))],
      })
    },
    storeMounts: createMountLook(files),
    busySlots: (builders) => readBusySlots(builders, files),
    async sharedPaths() {
      const nix = await readNix()
      return findSharedPaths(
        files,
        nix.ok ? nix.value.settings.storeDir : '/nix/store',
        nix.ok ? nix.value.nix.realPath : null,
      )
    },
  }
}

/** Says why everything else stands still, the daemon with it: told first. */
const isUnfit = ({ cause }: Problem) => cause === 'laptop.file-unfit'

/** By builder id; each file is read once, however many builders share it. */
async function readKeys(builders: readonly Builder[]): Promise<ReadonlyMap<string, BuilderKeyFile>> {
  const files = new Map<string | null, Promise<BuilderKeyFile>>()
  for (const { keyPath } of builders) if (!files.has(keyPath)) files.set(keyPath, readBuilderKey(keyPath))
  return new Map(
    await Promise.all(
      builders.map(
        async ({ id, keyPath }) => [id, await (files.get(keyPath) ?? readBuilderKey(keyPath))] as const,
      ),
    ),
  )
}

/** Nix before 2.31 hands "host:port" to ssh as the host's name. */
function portProblems(rows: readonly SshRow[], nix: NixTruth): readonly Problem[] {
  if (versionAtLeast(nix.nix.version, '2.31.0')) return []
  return rows.flatMap(({ store, source }) =>
    store.port === null
      ? []
      : [problem('laptop.builder-port-unsupported', { uri: store.uri, port: store.port, ...source })],
  )
}
