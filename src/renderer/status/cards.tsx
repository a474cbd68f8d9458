// The cards of the Status view: one a builder, one a cache, one for this laptop.
import type { ReactNode } from 'react'
import { fill } from '../../shared/locale.ts'
import type { BuilderStatus, CacheStatus, Check, LaptopStatus } from '../../shared/status.ts'
import { plainLine } from '../plain.ts'
import { useWords } from '../words.ts'
import { CheckRow } from './check-row.tsx'
import type { Subject } from './subject.ts'

/** A builder: the name the user gave it, its URI, its slots and its checks. */
export function BuilderCard({ builder }: { readonly builder: BuilderStatus }) {
  return (
    <Card
      name={plainLine(builder.host)}
      address={plainLine(builder.uri)}
      aside={<Slots slots={builder.slots} />}
      checks={builder.checks}
      subject={{ kind: 'builder', builder }}
    />
  )
}

/** A binary cache and its checks. */
export function CacheCard({ cache }: { readonly cache: CacheStatus }) {
  const { messages } = useWords()
  return (
    <Card
      name={messages.window.cache}
      address={plainLine(cache.url)}
      checks={cache.checks}
      subject={{ kind: 'cache', cache }}
    />
  )
}

/** What this laptop's own configuration says. */
export function LaptopCard({ laptop }: { readonly laptop: LaptopStatus }) {
  const { messages } = useWords()
  return <Card name={messages.window.thisLaptop} checks={laptop.checks} subject={{ kind: 'laptop' }} />
}

interface CardProps {
  readonly name: string
  readonly address?: string
  readonly aside?: ReactNode
  readonly checks: readonly Check[]
  readonly subject: Subject
}

function Card({ name, address, aside, checks, subject }: CardProps) {
  const { messages } = useWords()
  const words = messages.window
  return (
    <section className="card" aria-label={address === undefined ? name : `${name} ${address}`}>
      <header>
        <div className="title">
          <h2>{name}</h2>
          {address !== undefined && <code className="address">{address}</code>}
        </div>
        {aside}
      </header>
      <div className="columns" aria-hidden="true">
        <span className="took">{words.took}</span>
        <span className="proven">{words.ago}</span>
      </div>
      <ul className="checks">
        {checks.map((check) => (
          <CheckRow key={check.id} check={check} subject={subject} />
        ))}
      </ul>
    </section>
  )
}

/** How many slots are drawn one by one; more become one bar. */
const drawnSlots = 16

function Slots({ slots }: { readonly slots: BuilderStatus['slots'] }) {
  const { messages } = useWords()
  const max = Math.max(0, Math.min(slots.max, drawnSlots))
  const busy = slots.max > drawnSlots ? Math.ceil((slots.busy / slots.max) * drawnSlots) : slots.busy
  const text = slots.busy === 0 ? messages.window.slotsFree : messages.window.slots
  return (
    <div className="slots">
      <span>{fill(text, { busy: slots.busy, max: slots.max })}</span>
      <span className="meter" aria-hidden="true">
        {Array.from({ length: max }, (_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a slot is nothing but its place
          <i key={at} className={at < busy ? 'busy' : ''} />
        ))}
      </span>
    </div>
  )
}
