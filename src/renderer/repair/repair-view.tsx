// The guided repair: from finding the desktop to the proof that it builds again. Main's GuideState says where it stands.

import type { GuideState } from '../../shared/guide.ts'
import { fill } from '../../shared/locale.ts'
import { LaptopPhase } from '../laptop-side/laptop-phase.tsx'
import { plainLine } from '../plain.ts'
import { useAppState } from '../store.ts'
import { useWords } from '../words.ts'
import { Choose } from './choose.tsx'
import { Done } from './done.tsx'
import { Find } from './find.tsx'
import { Leave } from './leave.tsx'
import { Proof } from './proof.tsx'
import { Review } from './review.tsx'
import { Running } from './running.tsx'
import { SignInPhase } from './sign-in.tsx'
import { Stepper } from './stepper.tsx'
import { Stopped } from './stopped.tsx'
import { Survey } from './survey.tsx'
import { TrustPhase } from './trust.tsx'

/** The whole view. */
export function RepairView() {
  const { messages } = useWords()
  const guide = useAppState((state) => state.repair)
  if (guide.phase === 'closed') return <Choose />
  return (
    <>
      <div className="repair-head">
        <p className="quiet">{fill(messages.repairView.over, { host: plainLine(guide.host, 80) })}</p>
        <Leave guide={guide} />
      </div>
      {!(guide.phase === 'laptop' && guide.alone && guide.wish.scope === undefined) && (
        <Stepper guide={guide} />
      )}
      <Phase guide={guide} />
    </>
  )
}

function Phase({ guide }: { readonly guide: Exclude<GuideState, { phase: 'closed' }> }) {
  switch (guide.phase) {
    case 'find':
      return <Find guide={guide} />
    case 'trust':
      return <TrustPhase guide={guide} />
    case 'sign-in':
      return <SignInPhase guide={guide} />
    case 'survey':
      return <Survey guide={guide} />
    case 'review':
      return <Review guide={guide} />
    case 'repair':
      return <Running guide={guide} />
    case 'laptop':
      return <LaptopPhase guide={guide} />
    case 'proof':
      return <Proof guide={guide} />
    case 'done':
      return <Done guide={guide} />
    case 'stopped':
      return <Stopped guide={guide} />
    default:
      return guide satisfies never
  }
}
