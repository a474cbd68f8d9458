// The part of a test build that needs no survey: two processes of Nix started, and the payload on its way. Nix takes longer
// to start than to evaluate a probe, so both start early and wait on stdin for what they are to do.
import { mkdtempSync, readFileSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChildEnd, childEnv, type NixChild, startChild } from './child.ts'
import { type Command, payloadExpression, payloadOf, waitingNix } from './probe.ts'
import type { NixEvent } from './protocol.ts'

/** A process whose events are kept until somebody listens. */
export interface HeldChild extends NixChild {
  listen(hear: (events: readonly NixEvent[]) => void): void
}

/** What has begun of a test build. Nothing of it rejects; `remove` must be called once, whatever came of it. */
export interface Ahead {
  /** A fresh UUID: two runs never share a path. */
  readonly tag: string
  readonly payloadBytes: number
  /** When it began, in ms of performance.now and since 1970. */
  readonly began: number
  readonly began1970: number
  /** Builds the payload on this laptop. */
  readonly here: HeldChild
  /** Starts the one that will wait for the probe, unless it runs already. */
  warm(): void
  /** The one that waits for the probe, asking for `builders` (null: Nix's own choice) with --builders. */
  there(builders: string | null): Promise<HeldChild>
  /** Ends every process that still runs; what is left behind is what Nix has built. */
  kill(): Promise<unknown>
  /** Kills, and removes the folder: the TMPDIR of Nix, so that nothing of it stays when it is killed. */
  remove(): Promise<void>
}

/** Begins at once. Throws where no temporary folder can be made. */
export function startAhead(env: NodeJS.ProcessEnv, payloadBytes: number): Ahead {
  const [began, began1970] = [performance.now(), Date.now()]
  const tag = freshUuid()
  const cwd = mkdtempSync(join(env['TMPDIR'] || tmpdir(), 'offload-test-build-'))
  const start = (command: Command) => startHeld(command, { env: childEnv(env, cwd), cwd })
  const here = start(waitingNix('here', null))
  here.feed(payloadExpression(tag, payloadBytes))
  let there: HeldChild | null = null
  const warm = () => {
    there ??= start(waitingNix('there', null))
    return there
  }
  const kill = () => Promise.all([here.kill(), there?.kill()])
  return {
    tag,
    payloadBytes: payloadOf(payloadBytes),
    began,
    began1970,
    here,
    warm,
    async there(builders) {
      if (builders === null) return warm()
      await there?.kill()
      there = start(waitingNix('there', builders))
      return there
    },
    kill,
    async remove() {
      await kill()
      removeFolder(cwd)
    },
  }
}

/** Mostly empty by now, and then one call is enough. */
function removeFolder(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The kernel's, as the commands to reproduce take it: node:crypto would have to be loaded before Nix starts. */
function freshUuid(): string {
  return readFileSync('/proc/sys/kernel/random/uuid', 'utf8').trim()
}

function startHeld(command: Command, options: { env: NodeJS.ProcessEnv; cwd: string }): HeldChild {
  let held: NixEvent[] = []
  let hear = (events: readonly NixEvent[]) => {
    held.push(...events)
  }
  const child = startChild(command, options, (events) => hear(events))
  return {
    ...child,
    listen(listener) {
      hear = listener
      if (held.length > 0) listener(held)
      held = []
    },
  }
}

/** The path, as soon as Nix prints it, or how it ended without one. */
export async function outputOf(
  child: NixChild,
): Promise<{ readonly path: string } | { readonly end: ChildEnd }> {
  const path = await child.said
  return path === null ? { end: await child.done } : { path }
}
