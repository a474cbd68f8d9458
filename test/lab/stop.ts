// Takes a lab down, whatever state it is in: up, coming up, half dead, or only a folder.
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { labDir, script } from './places.ts'
import { alive } from './processes.ts'
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
    kill(keeper.pid, 'SIGTERM')
    for (let waited = 0; alive(keeper) && waited < 10_000; waited += 20) await sleep(20)
    if (alive(keeper)) kill(keeper.pid, 'SIGKILL')
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

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // gone already: that is what was wanted
  }
}
