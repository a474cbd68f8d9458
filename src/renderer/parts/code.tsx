// A block of commands or configuration, with its copy button.
import { plainText } from '../plain.ts'
import { CopyButton } from './copy.tsx'
import { Scroller } from './scroller.tsx'

/** Shows `code` with a caption; copies exactly what is shown. */
export function CodeBlock({ code, caption, label }: { code: string; caption: string; label: string }) {
  const shown = plainText(code)
  return (
    <figure className="code">
      <figcaption>{caption}</figcaption>
      <Raw text={shown} caption={caption} />
      <CopyButton text={shown} label={label} />
    </figure>
  )
}

/** Raw words of another machine: wrapped, and scrolled when long. */
export function Raw({ text, caption }: { readonly text: string; readonly caption: string }) {
  return (
    <Scroller name={caption} className="raw">
      <pre>{plainText(text)}</pre>
    </Scroller>
  )
}
