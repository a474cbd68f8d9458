// The programs of steps, as the desktop's shell is given them.
import type { RepairStep } from '../../shared/repair.ts'

/** Where the commands say all, they are the program. */
export function programOf({ commands, script }: RepairStep): string {
  return script ?? `${commands.join('\n')}\n`
}

/** One after the other, each named where there are several: still a program for sh. */
export function programsText(steps: readonly RepairStep[]): string {
  const named = steps.length > 1
  return steps.map((step) => `${named ? `# --- ${step.id}\n` : ''}${programOf(step).trimEnd()}`).join('\n')
}
