// Where in the whole each stage ran, in percent: the stages follow one another.
export interface Span {
  readonly start: number
  readonly width: number
}

/** A bar a stage; a stage that took any time at all stays visible. */
export function spans(stages: readonly { readonly ms: number }[]): readonly Span[] {
  const total = stages.reduce((sum, stage) => sum + Math.max(0, stage.ms), 0)
  if (total === 0) return stages.map(() => ({ start: 0, width: 0 }))
  let before = 0
  return stages.map((stage) => {
    const ms = Math.max(0, stage.ms)
    const width = ms === 0 ? 0 : Math.max(0.6, (ms / total) * 100)
    const start = Math.min((before / total) * 100, 100 - width)
    before += ms
    return { start, width }
  })
}
