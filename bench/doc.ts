// The page docs/benchmarks.md: the table, what it was measured on, and how to read it.
import { type Machine, machineText } from './machine.ts'
import { isMet, type Row, table } from './ratio.ts'

/** The whole page. */
export function benchmarksPage(machine: Machine, rows: readonly Row[]): string {
  const missed = rows.filter((row) => !isMet(row)).length
  return `# Benchmarks

Written by \`npm run bench -- --write\`. Each row is ours beside what you would use instead, run by turns in one go, so that
whatever else the machine does hits both alike. Numbers are medians; the ratio is what counts, the times are this machine's.

${machineText(machine)}

${table(rows)}

${missed === 0 ? 'All limits are kept.' : `**${missed} ${missed === 1 ? 'limit is' : 'limits are'} missed.**`}

## How each is measured

- **Proof of the key**: inside the lab, against a real sshd, by the public key alone, as the tray does it. \`ssh\` must log in
  and start a shell to say the same, which is why it takes so much longer. The queue that spares sshd is left out, and the
  lab's sshd is told not to count broken sign-ins (\`PerSourcePenalties no\`).
- **offload-status**: a whole process as the unprivileged user, from start to exit, with everything it checks. Beside it the three
  commands run as root, because only root can read the key that \`ssh\` needs.
- **100 builders**: a whole \`offload-status\` process. The hundred are light SSH servers in one process of their own, each with its
  own address and host key, answering through 10 ms of round trip. They are not sshds: a hundred of those would fork on the
  same cores that are measured, which no hundred desktops do. The one builder is one of the same servers.
- **Tray**: in the lab's laptop as the unprivileged user, under Xvfb, a session bus and xfce4-panel; the schedule is the default, the
  desktop a healthy one. The bare tray is [bench/bare-tray](../bench/bare-tray/main.cjs): an icon, a tooltip, a menu of one line. Both run
  without Chromium's sandbox, from a copy of Electron that nothing else runs. Memory is proportional (PSS of all
  processes, 8 s after the icon stands); the start ends when the panel announces the icon's registration. Processor time is
  user and system time of all processes and of the helpers they start.
- **Parser**: recorded streams of Nix 2.8 and 2.26, repeated to 100 MB, in pieces of 64 kB; \`JSON.parse\` gets the same lines already cut.
- **Test build**: as the unprivileged user, each way fresh bytes under a fresh name, all four by turns. *In the running tray*: from
  the click to the verdict, in a process that has looked at the laptop before, by the code that the tray runs.
  *\`offload-test-build\`*: the whole process, from its start to its exit. Beside them the two commands that it prints for you to
  do the same by hand, each build held to its place; and one \`nix-build\` that does both builds in one process, with nothing to
  prove that each ran where it should. Nix is started before the rest of the program is loaded, waits on stdin for its
  expression, and has no second evaluation to start; what is left over the plain commands is the start and the end of Node.
- **Ctrl-C**: to the whole process group, as a terminal sends it, as soon as the stage is told to run; until the last process
  that writes to the terminal is gone. The slowest run counts, for the limit is a promise. Nix names the desktop as it begins to send:
  that is when the plain \`nix-build\` is interrupted.
- **Push**: \`offload-repair apply\` from the moment it is signed in (its own clock) to the key proven from here. Beside it the whole
  of \`ssh-copy-id\`, its sign-ins included, for it has no part to stop a clock at; it proves nothing. So this row is in our favour.
  Most of ours is the survey's some hundred small processes, so it moves with the machine more than theirs: one commit gave 0.62
  in a fast hour of this machine and 0.75 in a slow one.
`
}
