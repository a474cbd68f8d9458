// A repair as every face sees it: the plan, its steps, and what is told of them.
import type { CauseCode } from './causes.ts'
import type { GoingBack } from './guide.ts'
import type { NixRefusal } from './nix-edit.ts'
import type { Params, Problem } from './outcome.ts'

/** Steps that only let the key in. */
export const pairingSteps = [
  'create-builder-user',
  'set-builder-shell',
  'unlock-builder',
  'mend-home',
  'create-ssh-folder',
  'mend-permissions',
  'push-key',
] as const

/** What a step does, in the order in which they run. Ids are API: `offload-repair apply --only` names them. */
export const stepIds = [
  ...pairingSteps,
  'enable-sshd',
  'find-nix',
  'start-nix-daemon',
  'allow-builder',
  'trust-builder',
  'make-cache-key',
  'mend-cache-key',
  'renew-cache-key',
  'install-cache',
  'start-cache',
  'open-firewall',
  'free-disk',
  'settle-edits',
  'place-module',
  'import-module',
  'set-module',
  'build-system',
  'switch-system',
] as const
export type StepId = (typeof stepIds)[number]

export const stepStates = [
  'pending',
  'running',
  'done',
  'unchanged',
  'failed',
  'rolled-back',
  'cancelled',
  'skipped',
] as const
export type StepState = (typeof stepStates)[number]

/** A change to one file, shown before it is made. */
export interface FileChange {
  readonly path: string
  /** Unified diff, made from what the survey read; empty where only owner or mode change. */
  readonly diff: string
  /** "nix-builder:nix-builder 0600", before and after, where they change. */
  readonly owner?: { readonly from: string; readonly to: string }
}

/** Where the person decides: the first option is what is done unless they choose another. */
export interface StepChoice {
  readonly options: readonly string[]
  readonly chosen: string
}

export interface RepairStep {
  readonly id: StepId
  /** What it mends. */
  readonly cause: CauseCode
  readonly params: Params
  readonly where: 'desktop' | 'laptop'
  /** The exact commands, as they will run. */
  readonly commands: readonly string[]
  readonly changes: readonly FileChange[]
  readonly needsAdmin: boolean
  readonly needsRoot: boolean
  readonly risk: 'none' | 'low' | 'high'
  readonly choice?: StepChoice
  /** The whole program that the desktop's shell is given for it, where the commands alone do not say all. */
  readonly script?: string
  /** Takes minutes: a rebuild of the desktop's system. */
  readonly long?: boolean
  /** How long it took in earlier repairs of this laptop, in s; absent where it has not run yet. */
  readonly usualSeconds?: number
  /** What it does cannot be taken back, by nobody. */
  readonly final?: boolean
  /** It holds only until the desktop restarts: what to write where it is set up at start, so that it stays. */
  readonly keep?: readonly string[]
  /** The commands that take it back by hand, for the summary; absent where there is nothing to take back. */
  readonly undo?: readonly string[]
}

/** What no step mends. */
export interface Unmended extends Problem {
  /** What to write into the desktop's own configuration instead (NixOS), ready to paste. */
  readonly snippet?: string
  /** Why a file of NixOS is not edited; words: messages/<locale>/nix-edit.ts. */
  readonly refusal?: { readonly why: NixRefusal; readonly params: Params }
  /** Where it belongs on the desktop, as far as that is known. */
  readonly place?: { readonly path: string; readonly line?: number }
}

export interface RepairPlan {
  readonly builder: string
  readonly host: string
  /** In the order they run; empty when the desktop is well. */
  readonly steps: readonly RepairStep[]
  /** What was found that no step here mends, each with what to do instead. */
  readonly unmended: readonly Unmended[]
  /** Read without root's rights: what stands in closed folders is not known, so the plan may be incomplete. */
  readonly partial: boolean
}

/** This laptop's key in the desktop's keys files: what taking it out takes, and what it leaves. */
export interface KeyLines {
  /** Where the lines go from. */
  readonly file: string
  /** Exactly what a push writes. */
  readonly goes: readonly KeyLine[]
  /** The same key in another form, behind a "#", or in another file. */
  readonly stays: readonly KeyLine[]
  /** Keys of others in `file`. */
  readonly others: number
  /** Keys files that could not be read. */
  readonly unread: readonly string[]
}

export interface KeyLine {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** The line, the key in it shortened, its options and comment whole. */
  readonly text: string
}

/** A step while it runs and after. */
export interface StepProgress {
  readonly id: StepId
  readonly state: StepState
  /** What the desktop said, cleaned, at most a few kB. */
  readonly output: string
  readonly problem?: Problem
  /** Where the old file was kept. */
  readonly backup?: string
  /** Of one that was cancelled, and not taken back: it cannot be, or the desktop is still at it, by itself. Absent: it was. */
  readonly takenBack?: 'no' | 'coming'
  readonly ms: number
}

/** One line of `offload-repair apply --json`, or of `remove --json`. */
export type RepairEvent =
  | { readonly type: 'plan'; readonly plan: RepairPlan }
  | { readonly type: 'key-lines'; readonly keyLines: KeyLines }
  | { readonly type: 'step'; readonly step: StepProgress }
  | { readonly type: 'going-back'; readonly goingBack: GoingBack }
  | {
      readonly type: 'result'
      readonly ok: boolean
      readonly problem?: Problem
      /** From signed in to the key's proof, in ms; where it was proven. */
      readonly provenMs?: number
      readonly steps: readonly StepProgress[]
      readonly goingBack?: GoingBack
    }
