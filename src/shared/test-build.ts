// A test build as every face sees it: its stages, its events, its verdict, and the run that is kept in the history.
import type { Problem } from './outcome.ts'

export const stageIds = ['evaluate', 'connect', 'wait', 'upload', 'build', 'download', 'verify'] as const
export type StageId = (typeof stageIds)[number]

export interface Stage {
  readonly id: StageId
  readonly state: 'pending' | 'running' | 'done' | 'failed'
  /** Time spent in this stage so far, in milliseconds. */
  readonly ms: number
  /** Bytes moved so far and expected, for upload and download. */
  readonly bytes?: { readonly done: number; readonly expected: number }
}

/** Where the probe ran, as it told from inside the build. */
export interface RemoteProof {
  readonly bootId: string
  readonly kernel: string
}

/** What came of asking the root of this laptop for a reason that Nix hides. */
export type RootSaid =
  /** The result's problem is what root was told. */
  | { readonly state: 'told' }
  /** Root gets in and Nix answers there: what was wrong is over. */
  | { readonly state: 'answers' }
  /** Words that nobody knows; they stand in the problem's raw text. */
  | { readonly state: 'unknown' }
  /** Nobody became root. */
  | { readonly state: 'refused'; readonly problem: Problem }

export type TestBuildResult =
  | {
      readonly ok: true
      readonly builder: string
      readonly uri: string
      readonly ms: number
      readonly stages: readonly { readonly id: StageId; readonly ms: number }[]
      readonly remote: RemoteProof
      /** The probe's output path: a path that the desktop's cache must now have. */
      readonly outPath: string
      /**
       * Set where another builder was chosen than the one that took the build. heeded: Nix was asked for it and went
       * elsewhere all the same; false: this user may not choose, for the laptop's daemon does not trust them.
       */
      readonly asked?: { readonly builder: string; readonly heeded: boolean }
    }
  | {
      readonly ok: false
      readonly builder: string | null
      readonly uri: string | null
      readonly problem: Problem
      /** The stage it ended in. */
      readonly stage: StageId
      readonly ms: number
      readonly stages: readonly { readonly id: StageId; readonly ms: number }[]
      readonly cancelled: boolean
      /** Set once root was asked. */
      readonly asRoot?: RootSaid
    }

export type TestBuildEvent =
  | { readonly type: 'stage'; readonly stage: Stage }
  | { readonly type: 'log'; readonly line: string }
  | { readonly type: 'result'; readonly result: TestBuildResult }

/** One line of the history. */
export interface TestBuildRun {
  readonly at: string
  readonly result: TestBuildResult
  /** What was to be sent; 0 where nothing could even begin. */
  readonly payloadBytes: number
}

/** The running or last test build, as the window shows it. */
export type TestBuildState =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'running'
      readonly startedAt: string
      readonly stages: readonly Stage[]
      readonly log: readonly string[]
    }
  | {
      readonly phase: 'ended'
      readonly startedAt: string
      readonly stages: readonly Stage[]
      readonly log: readonly string[]
      readonly result: TestBuildResult
      /** The two commands that do the same by hand. */
      readonly reproduce: string
      /** Present where Nix hid the reason and root can be asked: what root would run, and whether it is being asked now. */
      readonly rootQuestion?: { readonly command: string; readonly asking: boolean }
    }
