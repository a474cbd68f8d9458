// The reason that ssh-ng:// leaves in the journal of this laptop's nix-daemon. Members of wheel, adm or systemd-journal
// may read it; anybody else gets nothing, and nothing is said about it.
import { run } from '../laptop/run.ts'

/** What nix-daemon logged since `since` (ms since 1970); "" where it cannot be read within 2 s. */
export async function readDaemonJournal(since: number, env: NodeJS.ProcessEnv): Promise<string> {
  const args = ['--unit', 'nix-daemon.service', '--since', `@${Math.floor(since / 1000)}`]
  const answer = await run('journalctl', [...args, '--output', 'cat', '--no-pager', '--quiet'], {
    env,
    deadlineMs: 2_000,
  })
  return answer.state === 'done' && answer.code === 0 ? answer.stdout : ''
}
