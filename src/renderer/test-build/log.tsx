// The log of a test build: folded, and drawn only where it is looked at, so that ten thousand lines cost nothing.
import { type UIEvent, useEffect, useRef, useState } from 'react'
import { fill } from '../../shared/locale.ts'
import { CopyButton } from '../parts/copy.tsx'
import { Fold } from '../parts/fold.tsx'
import { Scroller } from '../parts/scroller.tsx'
import { plainLine, plainText } from '../plain.ts'
import { useWords } from '../words.ts'
import { lineHeight, visibleLines } from './visible-lines.ts'

/** The fold with its count; the lines inside. */
export function Log({ lines }: { readonly lines: readonly string[] }) {
  const { locale, messages } = useWords()
  const words = messages.testBuild
  const count = new Intl.NumberFormat(locale).format(lines.length)
  return (
    <Fold
      className="fold"
      summary={
        <>
          {words.log}{' '}
          <span className="quiet">
            {fill(lines.length === 1 ? words.logLine : words.logLines, { count })}
          </span>
        </>
      }
    >
      {lines.length === 0 ? <p className="quiet">{words.logEmpty}</p> : <Lines lines={lines} />}
    </Fold>
  )
}

function Lines({ lines }: { readonly lines: readonly string[] }) {
  const { messages } = useWords()
  const box = useRef<HTMLElement>(null)
  const [top, setTop] = useState(0)
  const atEnd = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line is the reason to follow the end
  useEffect(() => {
    const element = box.current
    if (element !== null && atEnd.current) element.scrollTop = element.scrollHeight
  }, [lines.length])
  const onScroll = (event: UIEvent<HTMLElement>) => {
    const { scrollTop, scrollHeight, clientHeight } = event.currentTarget
    atEnd.current = scrollTop + clientHeight >= scrollHeight - lineHeight
    setTop(scrollTop)
  }
  const { first, last } = visibleLines(lines.length, top)
  const shown = lines.slice(first, last).map((line, at) => ({ number: first + at, line }))
  return (
    <>
      <Scroller name={messages.testBuild.log} className="log" box={box} onScroll={onScroll}>
        <div className="log-space" style={{ height: lines.length * lineHeight }}>
          <div style={{ transform: `translateY(${first * lineHeight}px)` }}>
            {shown.map(({ number, line }) => (
              <div key={number} className="log-line">
                {plainLine(line, 2000) || '\u00a0'}
              </div>
            ))}
          </div>
        </div>
      </Scroller>
      <CopyButton text={plainText(lines.join('\n'), 190_000)} label={messages.testBuild.copyLog} />
    </>
  )
}
