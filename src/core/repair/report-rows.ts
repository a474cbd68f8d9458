// One row of a survey's report: a fact's name, its value, and whether it is in the way.
import type { ReportMark, ReportRow, ReportRowId, ReportWord } from '../../shared/survey-report.ts'
import { cleanText } from '../desktop/clean-text.ts'

interface Value {
  readonly of?: string
  readonly word?: ReportWord
  readonly text?: string
}

export function row(id: ReportRowId, mark: ReportMark, { of, word, text }: Value): ReportRow {
  return {
    id,
    mark,
    ...(of === undefined ? {} : { of: line(of) }),
    ...(word === undefined ? {} : { word }),
    ...(text === undefined ? {} : { text: line(text) }),
  }
}

/** Of the desktop's words, what stands on one line. */
export function line(text: string): string {
  return cleanText(text, 300).replaceAll(/\s+/g, ' ')
}

/** A fact that ought to be so. */
export function should(id: ReportRowId, fact: boolean | null, wanted: boolean, of?: string): ReportRow {
  const value = of === undefined ? {} : { of }
  if (fact === null) return row(id, 'unknown', { ...value, word: 'unknown' })
  return row(id, fact === wanted ? 'good' : 'bad', { ...value, word: fact ? 'yes' : 'no' })
}
