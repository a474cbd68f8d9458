// What the exit code of offload-status says. Codes are API.
import type { Overall } from '../../shared/status.ts'

/** 0: builds run on the desktop; 1: not proven or not whole; 3: they run here or fail; 4: nothing is set up. */
export function exitCodeOf(overall: Overall): number {
  switch (overall) {
    case 'ready':
    case 'building':
      return 0
    case 'degraded':
    case 'checking':
    case 'paused':
      return 1
    case 'local':
    case 'blocked':
      return 3
    case 'unconfigured':
      return 4
    default:
      return overall satisfies never
  }
}
