// Laptop: what this laptop itself still needs, shown whole before anything of it is changed.
import { isNeeded, type LaptopPlan, type LaptopWish } from '../../shared/laptop-side.ts'
import { fill } from '../../shared/locale.ts'
import { api } from '../api.ts'
import { plainLine } from '../plain.ts'
import { Busy } from '../repair/busy.tsx'
import type { GuideIn } from '../repair/guide.ts'
import { ProblemBox } from '../repair/problem-box.tsx'
import { Title } from '../repair/title.tsx'
import { attempt } from '../store.ts'
import { useWords } from '../words.ts'
import { CacheKeyForm, NewAddressForm } from './forms.tsx'
import { HostKey } from './host-key.tsx'
import { Needs } from './needs.tsx'
import { LaptopWays } from './ways.tsx'

/** The whole phase, after a repair or by itself. */
export function LaptopPhase({ guide }: { readonly guide: GuideIn<'laptop'> }) {
  const { messages } = useWords()
  const words = messages.laptopSide
  const { laptopPlan: plan, busy, problem } = guide
  const host = plainLine(plan?.host ?? guide.host, 80)
  if (plan === null) {
    return (
      <section className="card repair-card">
        <Title phase="laptop">{problem === null ? words.title : words.failed}</Title>
        {busy && <Busy>{words.busy}</Busy>}
        {problem !== null && <ProblemBox problem={problem} known={{ host: guide.host }} />}
        {!busy && (
          <div className="buttons">
            <LookAgain label={words.lookAgain} />
          </div>
        )}
      </section>
    )
  }
  const nothing = plan.needs.length === 0
  return (
    <>
      <div className="repair-intro">
        <Title phase="laptop">{nothing ? words.titleNothing : words.title}</Title>
        <p className="quiet">{fill(nothing ? words.introNothing : words.intro, { host })}</p>
        {problem !== null && <ProblemBox problem={problem} known={{ host: guide.host }} />}
        {problem === null && plan.cannot !== null && <ProblemBox problem={plan.cannot} />}
      </div>
      {!nothing && <Needs plan={plan} />}
      {plan.hostKey !== undefined && (
        <HostKey
          change={plan.hostKey}
          host={host}
          builder={guide.builder === '' ? guide.host : guide.builder}
        />
      )}
      {!busy && asksCacheKey(plan) && <CacheKeyForm guide={guide} host={host} />}
      {!nothing && <LaptopWays plan={plan} />}
      {busy ? <Busy>{words.applying}</Busy> : <Buttons guide={guide} needed={isNeeded(plan)} />}
      {!busy && guide.alone && isPlain(guide.wish) && plan.move === null && (
        <NewAddressForm guide={guide} host={host} />
      )}
    </>
  )
}

const asksCacheKey = ({ needs }: LaptopPlan) => needs.some(({ id, unknown }) => id === 'cache-key' && unknown)
const isPlain = ({ first, scope }: LaptopWish) => first === undefined && scope === undefined

function Buttons({ guide, needed }: { readonly guide: GuideIn<'laptop'>; readonly needed: boolean }) {
  const { messages } = useWords()
  const words = messages.laptopSide
  const plan = guide.laptopPlan
  const asksKey = plan?.needs.some((need) => need.unknown) === true
  const ofKey = guide.wish.scope === 'host-key'
  const byNixos = plan?.nixos === true && needed
  return (
    <div className="buttons apply">
      {plan?.canApply === true && (
        <button type="button" className="button main" onClick={() => attempt(api().laptopApply())}>
          {words.apply}
        </button>
      )}
      {byNixos && <LookAgain label={words.afterSwitch} main />}
      {ofKey && !byNixos && plan?.canApply !== true && <LookAgain label={words.keyAgain} main />}
      {ofKey ? (
        <button
          type="button"
          className="button"
          onClick={() => attempt(api().repairBack({ phase: 'trust' }))}
        >
          {words.keyBack}
        </button>
      ) : (
        <button
          type="button"
          className={plan?.canApply === true || byNixos || asksKey ? 'button' : 'button main'}
          onClick={() => attempt(api().laptopSkip())}
        >
          {needed ? words.skip : words.prove}
        </button>
      )}
    </div>
  )
}

function LookAgain({ label, main = false }: { readonly label: string; readonly main?: boolean }) {
  return (
    <button
      type="button"
      className={main ? 'button main' : 'button'}
      onClick={() => attempt(api().repairRetry())}
    >
      {label}
    </button>
  )
}
