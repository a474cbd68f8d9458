// The Status view: the sentence, then what it rests on.
import { useAppState } from '../store.ts'
import { BuilderCard, CacheCard, LaptopCard } from './cards.tsx'
import { DemoPanel } from './demo-panel.tsx'
import { FirstBuilder } from './first-builder.tsx'
import { Headline } from './headline.tsx'

/** Everything the snapshot says, worst news first by the headline, then by machine. */
export function StatusView() {
  const snapshot = useAppState((state) => state.snapshot)
  return (
    <>
      <Headline />
      <DemoPanel />
      {snapshot.overall === 'unconfigured' && <FirstBuilder />}
      {snapshot.builders.map((builder) => (
        <BuilderCard key={builder.id} builder={builder} />
      ))}
      {snapshot.caches.map((cache) => (
        <CacheCard key={cache.url} cache={cache} />
      ))}
      <LaptopCard laptop={snapshot.laptop} />
    </>
  )
}
