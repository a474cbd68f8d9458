// The three headings and the lines right under them. They are the same in every language: programs look for them.
import type { BuilderStatus, CacheStatus, Check, CheckState, Snapshot } from '../../shared/status.ts'

export interface Section {
  readonly heading: string
  readonly lines: readonly string[]
}

/** Worst first. */
const order: readonly CheckState[] = ['fail', 'skip', 'warn', 'unknown', 'pass']

/** Whether each desktop is reached: a line a builder. */
export function connectionSection(snapshot: Snapshot): Section {
  const lines = snapshot.builders.map((builder) =>
    chosen(worst(builder.checks, ['reachable']), {
      good: `✅ Desktop reachable at ${builder.host}`,
      bad: `❌ Desktop unreachable at ${builder.host}`,
      open: `❔ Desktop not checked yet at ${builder.host}`,
    }),
  )
  return { heading: '📡 Desktop Connection:', lines: orNone(lines, '➖ No desktop configured') }
}

/** Whether each builder lets us in and has Nix: a line a builder, named where there are several. */
export function accessSection(snapshot: Snapshot): Section {
  const many = snapshot.builders.length > 1
  const lines = snapshot.builders.map((builder) => {
    const which = many ? ` (${builder.host})` : ''
    return chosen(accessState(builder), {
      good: `✅ SSH builder access working${which}`,
      bad: `❌ SSH builder access failed${which}`,
      open: `❔ SSH builder access not proven yet${which}`,
    })
  })
  return { heading: '🔑 SSH Builder Access:', lines: orNone(lines, '➖ No SSH builder configured') }
}

/** Whether each cache answers and signs as it should: a line a cache, named where there are several. */
export function cacheSection(snapshot: Snapshot): Section {
  const many = snapshot.caches.length > 1
  const lines = snapshot.caches.map((cache) => {
    const which = many ? ` (${cache.url})` : ''
    return chosen(cacheState(cache), {
      good: `✅ Desktop cache accessible${which}`,
      bad: `❌ Cache not accessible${which}`,
      open: `❔ Cache not checked yet${which}`,
    })
  })
  return { heading: '🗄️  Cache Access:', lines: orNone(lines, '➖ No desktop cache in use') }
}

/** Access is the host key, the builder key and Nix; what only a test build can prove does not deny it. */
function accessState(builder: BuilderStatus): CheckState {
  const proven = worst(builder.checks, ['host-key', 'builder-key'])
  const nix = builder.checks.find((check) => check.id === 'remote-nix')?.state
  if (proven === 'warn') return 'unknown'
  return nix === 'fail' ? 'fail' : proven
}

function cacheState(cache: CacheStatus): CheckState {
  const signature = cache.checks.find((check) => check.id === 'cache-signature')?.state
  return signature === 'fail' ? 'fail' : worst(cache.checks, ['cache-info'])
}

function worst(checks: readonly Check[], ids: readonly Check['id'][]): CheckState {
  const states = checks.filter((check) => ids.includes(check.id)).map((check) => check.state)
  return order.find((state) => states.includes(state)) ?? 'unknown'
}

function chosen(
  state: CheckState,
  lines: { readonly good: string; readonly bad: string; readonly open: string },
): string {
  if (state === 'pass') return lines.good
  return state === 'fail' || state === 'skip' ? lines.bad : lines.open
}

function orNone(lines: readonly string[], none: string): readonly string[] {
  return lines.length > 0 ? lines : [none]
}
