// What the running step says, as it says it: the end is followed until the person scrolls away from it.
import { type UIEvent, useEffect, useRef } from 'react'
import { Scroller } from '../parts/scroller.tsx'
import { plainText } from '../plain.ts'

/** Nearer to the end than this, in px, counts as at the end. */
const near = 24

/** Open, and as high as a few lines. */
export function LiveLog({ text, name }: { readonly text: string; readonly name: string }) {
  const box = useRef<HTMLElement>(null)
  const atEnd = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: new words are the reason to follow the end
  useEffect(() => {
    const element = box.current
    if (element !== null && atEnd.current) element.scrollTop = element.scrollHeight
  }, [text])
  const onScroll = ({ currentTarget }: UIEvent<HTMLElement>) => {
    const { scrollTop, scrollHeight, clientHeight } = currentTarget
    atEnd.current = scrollTop + clientHeight >= scrollHeight - near
  }
  return (
    <Scroller name={name} className="raw live-log" box={box} onScroll={onScroll}>
      <pre>{plainText(text)}</pre>
    </Scroller>
  )
}
