// Nix's internal-json, as typed events: what `--log-format internal-json` writes on stderr, one "@nix {json}" a line.
// Source: Nix, libutil logging.hh (ActivityType, ResultType, Verbosity), read at 2.8 to 2.34.

/** Activity types that a test build meets; newer Nix adds more, and each number is passed on as it is. */
export const activityType = {
  unknown: 0,
  copyPath: 100,
  fileTransfer: 101,
  realise: 102,
  copyPaths: 103,
  builds: 104,
  build: 105,
  substitute: 108,
  queryPathInfo: 109,
  buildWaiting: 111,
} as const

/** Result types: what an activity tells of itself; its fields beside them. */
export const resultType = {
  buildLogLine: 101,
  setPhase: 104,
  /** [done, expected, running, failed]; bytes of the NAR on a copyPath. */
  progress: 105,
  setExpected: 106,
  postBuildLogLine: 107,
} as const

/** Levels: 0 error, 1 warning, 2 notice, 3 info, 4 talkative, 5 chatty, 6 debug, 7 vomit. */
export type Level = number

/** A value of an activity or of a result; what is neither (an object, null) comes as its JSON. */
export type Field = string | number

/** One line of the stream, understood as far as it goes. */
export type NixEvent =
  | {
      readonly kind: 'start'
      /** 64 bits (pid << 32 | count): a decimal string, for a number would lose its last digits. */
      readonly id: string
      /** "0" for none; Nix before 2.15 or so never names one. */
      readonly parent: string
      readonly level: Level
      readonly type: number
      readonly text: string
      readonly fields: readonly Field[]
    }
  | { readonly kind: 'stop'; readonly id: string }
  | { readonly kind: 'result'; readonly id: string; readonly type: number; readonly fields: readonly Field[] }
  /** A message; its text may hold colours and line ends. */
  | { readonly kind: 'message'; readonly level: Level; readonly text: string }
  /** A line that is not of the protocol: ssh, the dynamic linker, a crash. */
  | { readonly kind: 'text'; readonly text: string }
  /** An action that this version does not know. */
  | { readonly kind: 'unknown'; readonly action: string }
  /** A line longer than the limit: only its beginning was kept. */
  | { readonly kind: 'oversized'; readonly head: string; readonly chars: number }
