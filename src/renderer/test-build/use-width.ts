// How wide an element is, so that a drawing can keep its letters at their size.
import { type RefObject, useLayoutEffect, useRef, useState } from 'react'

/** A ref to put on an element, and its width in CSS px, kept current. */
export function useWidth(): readonly [RefObject<HTMLElement | null>, number] {
  const box = useRef<HTMLElement>(null)
  const [width, setWidth] = useState(640)
  useLayoutEffect(() => {
    const element = box.current
    if (element === null) return
    const measure = () => setWidth(Math.max(200, element.clientWidth))
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return [box, width]
}
