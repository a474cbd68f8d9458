// Names for the parts of the guide's state, and small readings of it. Pure.
import type { GuidePhase, GuideState } from '../../shared/guide.ts'

/** A guide that is open. */
export type OpenGuide = Exclude<GuideState, { phase: 'closed' }>
export type GuideIn<P extends OpenGuide['phase']> = Extract<OpenGuide, { phase: P }>

/** The steps that a person sees: the survey belongs to the review. */
export const shownPhases = ['find', 'trust', 'sign-in', 'review', 'repair', 'laptop', 'proof'] as const
export type ShownPhase = (typeof shownPhases)[number]

/** Where a phase of the guide is shown: the survey with the review. */
function shownFor(phase: GuidePhase): ShownPhase {
  return phase === 'survey' ? 'review' : phase
}

/** Which of them the guide stands at; after the last one where everything is done. */
export function shownAt(guide: OpenGuide): number {
  switch (guide.phase) {
    case 'survey':
      return shownPhases.indexOf('review')
    case 'laptop':
      return shownPhases.indexOf(guide.wish.scope === 'host-key' ? 'trust' : 'laptop')
    case 'done':
      return guide.paired ? shownPhases.length : shownPhases.indexOf('proof')
    case 'stopped':
      return shownPhases.indexOf(shownFor(guide.at))
    default:
      return shownPhases.indexOf(guide.phase)
  }
}

/**
 * Whether the guide can go back to a step from here. What has run cannot be run backwards; a stopped guide is signed
 * out.
 */
export function canGoBack(guide: OpenGuide, to: ShownPhase): boolean {
  if (guide.phase === 'repair') return false
  if (guide.phase === 'done' && guide.undo.busy) return false
  if (guide.phase === 'stopped' && guide.goingBack?.state === 'waiting') return false
  if (shownPhases.indexOf(to) >= shownAt(guide)) return false
  switch (to) {
    case 'find':
    case 'trust':
    case 'sign-in':
      return true
    case 'review':
      return guide.phase !== 'stopped'
    case 'repair':
    case 'laptop':
    case 'proof':
      return false
    default:
      return to satisfies never
  }
}
