// Notices at once, without polling, when files that matter change: inotify through fs.watch, on folders, because the
// files in them are replaced by rename (NixOS swaps the whole of /etc/static).
import { type FSWatcher, watch } from 'node:fs'

export interface Watched {
  readonly folder: string
  /** Only these names in it; all of them where it is left out. */
  readonly names?: readonly string[]
}

export interface FileWatch {
  /** Watches this folder too, if it is not watched yet; what was noticed so far stays noticed. */
  also(watched: Watched): void
  /** Takes up folders that were missing or were replaced since. */
  renew(): void
  close(): void
}

/** Calls `changed` with the names of what changed, once things have been quiet for `quietMs` after a change. */
export function watchFiles(
  watched: readonly Watched[],
  quietMs: number,
  changed: (names: ReadonlySet<string>) => void,
): FileWatch {
  const open = new Map<string, FSWatcher>()
  let timer: NodeJS.Timeout | undefined
  let names = new Set<string>()
  const tell = () => {
    const told = names
    names = new Set()
    changed(told)
  }
  const noticed = (name: string | null) => {
    if (name !== null) names.add(name)
    clearTimeout(timer)
    timer = setTimeout(tell, quietMs)
  }
  const forget = (folder: string) => {
    open.get(folder)?.close()
    open.delete(folder)
  }
  const take = ({ folder, names: only }: Watched) => {
    if (open.has(folder)) return
    try {
      const watcher = watch(folder, { persistent: false }, (event, name) => {
        // A folder that is itself removed or moved reports its own name: the watch is dead, renew() takes it up again.
        if (event === 'rename' && name !== null && folder.endsWith(`/${name}`)) forget(folder)
        if (only === undefined || name === null || only.includes(name)) noticed(name)
      })
      watcher.on('error', () => forget(folder))
      open.set(folder, watcher)
    } catch {
      // Missing, unreadable, or no inotify watch left: the schedule looks at everything anyway, later.
    }
  }
  const wanted = [...watched]
  const renew = () => wanted.forEach(take)
  renew()
  return {
    renew,
    also(one) {
      if (wanted.some((other) => other.folder === one.folder)) return
      wanted.push(one)
      take(one)
    },
    close() {
      clearTimeout(timer)
      for (const folder of [...open.keys()]) forget(folder)
    },
  }
}

/** The folders whose change may change the laptop's truth. `home` is the user's home folder. */
export function configFolders(home: string): readonly Watched[] {
  const ssh = ['known_hosts', 'known_hosts2', 'config', 'ssh_config', 'ssh_known_hosts', 'ssh_known_hosts2']
  return [
    { folder: '/etc', names: ['static', 'nix', 'ssh'] },
    { folder: '/etc/nix' },
    { folder: '/etc/ssh', names: ssh },
    { folder: '/etc/ssh/ssh_config.d' },
    { folder: `${home}/.ssh`, names: ssh },
    { folder: `${home}/.config/nix` },
  ]
}
