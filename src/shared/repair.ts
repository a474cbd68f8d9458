// A repair as every face sees it: the plan, its steps, and the guide that leads a person through it.
//
//   find --reachable--> trust --trusted--> sign-in --signed in--> survey --facts--> review --yes--> repair --> proof --> done
//   repair --this laptop lacks something--> laptop --yes, or left out--> proof       laptop --a first row--> find
//   trust --a row pins another key--> laptop --its change, or the person's own--> find
//   find --its key is known already--> sign-in      survey --sudo wants a password--> survey
//   any phase --back--> an earlier one       any phase --cancel or close--> stopped (says what was and was not done)
//   repair --cancel amid a switch--> stopped, and goes on there until the desktop is seen to be back (goingBack)
import type { CauseCode } from './causes.ts'
import type { LaptopDone, LaptopPlan, LaptopWish } from './laptop-side.ts'
import type { NixRefusal } from './nix-edit.ts'
import type { Params, Problem } from './outcome.ts'
import type { SurveyReport } from './survey-report.ts'

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

/** How to sign in as an admin. Secrets are held in memory for that session only. */
export type SignIn =
  | { readonly kind: 'agent' }
  | { readonly kind: 'key-file'; readonly path: string; readonly passphrase?: string }
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'keyboard-interactive' }

/** A question of the desktop's (keyboard-interactive), in its own cleaned words. */
export interface Question {
  readonly title: string
  readonly instructions: string
  readonly prompts: readonly { readonly text: string; readonly echo: boolean }[]
}

export interface OfferedHostKey {
  readonly keyType: string
  readonly fingerprint: string
  /** Empty where the host was unknown; else what was trusted before, and where that stands. */
  readonly expected: readonly { readonly fingerprint: string; readonly source: string }[]
}

export const guidePhases = [
  'find',
  'trust',
  'sign-in',
  'survey',
  'review',
  'repair',
  'laptop',
  'proof',
] as const
export type GuidePhase = (typeof guidePhases)[number]

/** The test build that ends a repair. */
export type ProofBuild = 'waiting' | 'running' | 'passed' | 'failed'

export type UndoKind = 'remove-key' | 'restore' | 'all'

/** A switched system that nobody confirms any more: the desktop goes back to the one of before by itself. */
export interface GoingBack {
  /** stayed: it was confirmed in the same moment. unknown: it was not seen to end, by us at least. */
  readonly state: 'waiting' | 'back' | 'stayed' | 'unknown'
  /** When this was told, it was to begin within so many seconds. */
  readonly seconds: number
  /** Shows it there, as root. */
  readonly look: string
}

/** What the end of a repair tells beyond its steps. */
export interface Told {
  /** The plan that ran, for what each step changed and how it is taken back; absent where none was made. */
  readonly plan?: RepairPlan
  /** What was found on the desktop before anything was changed. */
  readonly report?: SurveyReport
  /** What was changed on this laptop in the same pass. */
  readonly laptop?: LaptopDone
}

/** What can be taken back while the admin's session lasts, and how the last try went. */
export interface UndoState {
  readonly can: readonly UndoKind[]
  readonly busy: boolean
  readonly done: UndoKind | null
  readonly problem: Problem | null
}

interface GuideBase {
  readonly builder: string
  /** The name the user gave the desktop. */
  readonly host: string
  readonly port: number
}

/** Where the guide stands. `busy` says that something is under way; `problem` why the phase cannot go on. */
export type GuideState =
  | { readonly phase: 'closed' }
  | (GuideBase & { readonly phase: 'find'; readonly busy: boolean; readonly problem: Problem | null })
  | (GuideBase & {
      readonly phase: 'trust'
      readonly busy: boolean
      readonly offered: OfferedHostKey
      readonly problem: Problem | null
      /** "FILE:LINE" of a key that is trusted already, for somebody who comes back to look at it. */
      readonly trustedIn?: string
      /** The machines line ("FILE:LINE") that names another key for Nix, and what it has to say for this one. */
      readonly pinned?: { readonly source: string; readonly value: string }
    })
  | (GuideBase & {
      readonly phase: 'sign-in'
      readonly busy: boolean
      readonly problem: Problem | null
      /** The admin's name to start with, from the settings or ssh_config. */
      readonly user: string
      readonly agentKeys: number
      /** Key files of this person's that could be used. */
      readonly keyFiles: readonly string[]
      readonly question: Question | null
      /** Tries left before the desktop may lock this laptop out. */
      readonly triesLeft: number
    })
  | (GuideBase & {
      readonly phase: 'survey'
      readonly admin: string
      readonly busy: boolean
      readonly problem: Problem | null
      /** sudo wants the admin's password before it lets us look: answer with `elevate`, or go on without. */
      readonly asksSudoPassword: boolean
      readonly triesLeft: number
    })
  | (GuideBase & {
      readonly phase: 'review'
      readonly admin: string
      readonly plan: RepairPlan
      /** What was found, one screen of it. */
      readonly report?: SurveyReport
      readonly skipped: readonly StepId[]
      /** sudo asks for a password and has not got it yet: ask the person before the repair starts. */
      readonly asksSudoPassword: boolean
      readonly problem: Problem | null
    })
  | (GuideBase & {
      readonly phase: 'repair'
      readonly cancelling: boolean
      readonly plan: RepairPlan
      readonly steps: readonly StepProgress[]
    })
  | (GuideBase &
      Told & {
        /** What this laptop itself needs: after the repair, or by itself (`alone`), where nobody signed in. */
        readonly phase: 'laptop'
        readonly alone: boolean
        readonly wish: LaptopWish
        /** null while it is looked for, or where that failed. */
        readonly laptopPlan: LaptopPlan | null
        readonly steps: readonly StepProgress[]
        readonly busy: boolean
        readonly problem: Problem | null
      })
  | (GuideBase &
      Told & {
        readonly phase: 'proof'
        readonly steps: readonly StepProgress[]
        readonly key: 'running' | 'accepted' | 'failed'
        readonly build: ProofBuild
        readonly problem: Problem | null
      })
  | (GuideBase &
      Told & {
        readonly phase: 'done'
        /** The key was accepted and a test build passed. */
        readonly paired: boolean
        readonly key: 'accepted' | 'failed'
        readonly build: ProofBuild
        readonly steps: readonly StepProgress[]
        readonly problem: Problem | null
        readonly undo: UndoState
      })
  | (GuideBase &
      Told & {
        readonly phase: 'stopped'
        readonly at: GuidePhase
        readonly cancelled: boolean
        readonly steps: readonly StepProgress[]
        /** A system was being switched to when it stopped. */
        readonly goingBack?: GoingBack
        /** What can be taken back while somebody is still signed in: after a step that failed. */
        readonly undo?: UndoState
        readonly problem: Problem | null
      })

/** One line of `offload-repair apply --json`. */
export type RepairEvent =
  | { readonly type: 'plan'; readonly plan: RepairPlan }
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
