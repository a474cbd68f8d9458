// The smallest thing that tells others "something changed".

export interface Changes {
  emit(): void
  /** Returns how to end it. */
  subscribe(listener: () => void): () => void
}

/** A list of listeners, told in order. */
export function createChanges(): Changes {
  const listeners = new Set<() => void>()
  return {
    emit: () => {
      for (const listener of [...listeners]) listener()
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
