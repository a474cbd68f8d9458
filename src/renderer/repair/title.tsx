// The heading of a step: takes the focus when the step begins, so that keyboard and screen reader are where the eye is.
import { useEffect, useRef } from 'react'

/** `phase` names the step: a new one moves the focus here. */
export function Title({ phase, children }: { readonly phase: string; readonly children: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another step is the reason to move the focus
  useEffect(() => heading.current?.focus(), [phase])
  return (
    <h1 className="repair-title" ref={heading} tabIndex={-1}>
      {children}
    </h1>
  )
}
