// Takes a lab down, whatever state it is in: up, coming up, half dead, or only a folder.
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { labDir, script } from './places.ts'
import { alive, descendants } from './processes.ts'
import { must } from './run.ts'
import { readKeeper } from './state.ts'

/**
 * Gives true when there was something to remove. Afterwards no process, mount, interface, cgroup or file of that lab is
 * left. Safe to call again.
 */
export async function takeDown(id: string): Promise<boolean> {
  const dir = labDir(id)
  if (!existsSync(dir)) return false
  const keeper = readKeeper(id)
  if (keeper && alive(keeper)) {
    // Its direct child is unshare, whose death the kernel turns into the death of everything inside.
    for (const pid of descendants(keeper.pid).slice(0, 1)) kill(pid)
    for (let waited = 0; alive(keeper) && waited < 10_000; waited += 20) await sleep(20)
    if (alive(keeper)) kill(keeper.pid)
  }
  // What the keeper has not done: it was killed itself, or never ran.
  if (existsSync(dir)) {
    await must([
      'bash',
      '-c',
      '. "$0"; lab=$1; remove_cgroups "$1"; remove_folder "$1"',
      script('cgroup.sh'),
      dir,
    ])
  }
  return true
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // gone already: that is what was wanted
  }
}
