// Events as an async iterable: what was pushed before somebody reads waits for the reader.

export interface EventQueue<T> {
  /** For one reader. */
  readonly queue: AsyncIterable<T>
  push(event: T): void
  /** No more will come. */
  end(): void
}

export function eventQueue<T>(): EventQueue<T> {
  const waiting: T[] = []
  let over = false
  let wake: () => void = () => undefined
  async function* read(): AsyncGenerator<T> {
    for (;;) {
      for (let event = waiting.shift(); event !== undefined; event = waiting.shift()) yield event
      if (over) return
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return {
    queue: read(),
    push(event) {
      waiting.push(event)
      wake()
    },
    end() {
      over = true
      wake()
    },
  }
}
