// The shapes that both languages must fill, topic by topic.
import type { ActionId, Refusal } from '../actions.ts'
import type { CauseCode } from '../causes.ts'
import type { CheckId, CheckState, Overall } from '../status.ts'
import type { ReportMark, ReportRowId, ReportSectionId, ReportWord } from '../survey-report.ts'
import type { StageId } from '../test-build.ts'

export interface CauseText {
  /** What is wrong, in one short sentence without a final stop; may name {params}. */
  readonly title: string
  /** Why, and what it means for builds, in one to three sentences. */
  readonly explain: string
  /** What to do next, in one sentence that starts with a verb. */
  readonly fix: string
}

export type CauseWords = Readonly<Record<CauseCode, CauseText>>

/** The words of one family of causes: CauseWordsOf<'ssh' | 'net'>. */
export type CauseWordsOf<Family extends string> = Pick<CauseWords, Extract<CauseCode, `${Family}.${string}`>>

export interface StatusWords {
  /** The headline by Overall; {builder}, {reason} and {count} may be named. */
  readonly headline: Readonly<Record<Overall, string>>
  /** In place of `unconfigured`, where the file that might name a builder is closed; {reason}. */
  readonly builderUnseen: string
  readonly checks: Readonly<Record<CheckId, string>>
  /** What is known when the check passes, in one sentence. */
  readonly proves: Readonly<Record<CheckId, string>>
  readonly states: Readonly<Record<CheckState, string>>
}

export interface ActionWords {
  readonly labels: Readonly<Record<ActionId, string>>
  readonly reasons: Readonly<Record<Refusal, string>>
}

export interface TestBuildWords {
  readonly stages: Readonly<Record<StageId, string>>
}

/** The survey's report; its title names {host} and {os}. */
export interface SurveyReportWords {
  readonly title: string
  readonly legend: string
  readonly partial: string
  readonly marks: Readonly<Record<ReportMark, string>>
  readonly sections: Readonly<Record<ReportSectionId, string>>
  readonly rows: Readonly<Record<ReportRowId, string>>
  readonly values: Readonly<Record<ReportWord, string>>
}
