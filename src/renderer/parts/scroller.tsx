// A box that scrolls: named, and reachable by keyboard, as everything that scrolls must be.
import type { ReactNode, Ref, UIEvent } from 'react'

interface ScrollerProps {
  readonly name: string
  readonly className: string
  readonly children: ReactNode
  readonly box?: Ref<HTMLElement>
  readonly onScroll?: (event: UIEvent<HTMLElement>) => void
}

/** Shows `children` in a region called `name`; `className` says how high it may grow. */
export function Scroller({ name, className, children, box, onScroll }: ScrollerProps) {
  return (
    <section
      className={`scroller ${className}`}
      ref={box}
      aria-label={name}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll
      tabIndex={0}
      onScroll={onScroll}
    >
      {children}
    </section>
  )
}
