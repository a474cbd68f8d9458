// The guide that leads a person through a repair, as every face sees it.
//
//   find --reachable--> trust --trusted--> sign-in --signed in--> survey --facts--> review --yes--> repair --> proof --> done
//   repair --this laptop lacks something--> laptop --yes, or left out--> proof       laptop --a first row--> find
//   trust --a row pins another key--> laptop --its change, or the person's own--> find
//   find --its key is known already--> sign-in      survey --sudo wants a password--> survey
//   any phase --back--> an earlier one       any phase --cancel or close--> stopped (says what was and was not done)
//   repair --cancel amid a switch--> stopped, and goes on there until the desktop is seen to be back (goingBack)
import type { LaptopDone, LaptopPlan, LaptopWish } from './laptop-side.ts'
import type { Problem } from './outcome.ts'
import type { KeyLines, RepairPlan, StepId, StepProgress } from './repair.ts'
import type { SurveyReport } from './survey-report.ts'

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
      /** Where this laptop's key stands there now; absent where it has no place there. */
      readonly keyLines?: KeyLines
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
