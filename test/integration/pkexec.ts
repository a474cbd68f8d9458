// Puts the stand-in for pkexec into a lab's laptop, which has no polkit; what it runs becomes root there for real.
import { fileURLToPath } from 'node:url'
import type { Lab } from '../lab/lab.ts'

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url))

export type PkexecAnswer = 'yes' | 'refuse' | 'nobody' | 'wait'

/** What the person at the dialog does from now on. */
export async function answerPkexec(lab: Lab, answer: PkexecAnswer): Promise<void> {
  await lab.runAsRoot(['sh', '-c', 'echo "$1" >/lab/pkexec-answer', 'sh', answer])
}

/** Gives the PATH by which alice finds it. `echo refuse >/lab/pkexec-answer` as root makes it refuse. */
export async function pkexecStandIn(lab: Lab): Promise<string> {
  const made = await lab.runAsRoot([
    'sh',
    '-c',
    `set -e
    cp /bin/bash /lab/rootsh && chmod 4755 /lab/rootsh
    mkdir -p /lab/standin /lab/standin-root
    install -m 755 ${here('pkexec-standin')} /lab/standin/pkexec
    install -m 755 ${here('systemctl-standin')} /lab/standin-root/systemctl
    install -m 644 ${here('../lab/sh/laptop-daemon.sh')} /lab/standin-root/laptop-daemon.sh`,
  ])
  if (made.code !== 0) throw new Error(`no pkexec-standin: ${made.stdout}${made.stderr}`)
  const ran = await lab.runAsAlice(['sh', '-c', 'echo "$PATH"'])
  return `/lab/standin:${ran.stdout.trim()}`
}
