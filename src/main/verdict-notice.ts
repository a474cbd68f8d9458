// Tells how a test build ended: it goes on without its window, so nobody may have seen it.
import { cleanText } from '../core/desktop/clean-text.ts'
import { builderName } from '../shared/builder-name.ts'
import type { Locale } from '../shared/locale.ts'
import { messagesFor } from '../shared/messages/index.ts'
import type { Params } from '../shared/outcome.ts'
import type { TestBuildResult } from '../shared/test-build.ts'
import { verdictSentence } from '../shared/verdict-sentence.ts'
import type { Message } from './notify.ts'
import type { TestBuilds } from './test-builds.ts'

interface Options {
  readonly testBuilds: Pick<TestBuilds, 'state' | 'subscribe'>
  readonly builders: () => readonly { readonly id: string; readonly host: string }[]
  readonly locale: Locale
  /** The build is a repair's proof: its verdict is told there. */
  readonly isProof: () => boolean
  readonly show: (message: Message) => void
  readonly openView: () => void
}

/** Shows one message for each build that ends; none for a cancelled one or a repair's, whose end the person knows. */
export function followVerdicts(options: Options): () => void {
  const { testBuilds, builders, locale, isProof, show, openView } = options
  let phase = testBuilds.state().phase
  return testBuilds.subscribe(() => {
    const before = phase
    const state = testBuilds.state()
    phase = state.phase
    if (before !== 'running' || state.phase !== 'ended') return
    if (isProof() || (!state.result.ok && state.result.cancelled)) return
    show({ ...verdictMessage(state.result, builders(), locale), onClick: openView })
  })
}

/** "Test build" and its verdict. */
export function verdictMessage(
  result: TestBuildResult,
  builders: readonly { readonly id: string; readonly host: string }[],
  locale: Locale,
): Pick<Message, 'title' | 'body'> {
  const words = messagesFor(locale)
  const builder = result.builder === null ? '' : line(builderName(result.builder, builders))
  const time = `${number(result.ms / 1000, locale)}\u00a0s`
  const params = result.ok ? {} : safe({ host: builder, ...result.problem.params })
  return { title: words.testBuild.title, body: verdictSentence(result, { builder, time, params }, words) }
}

function safe(params: Params): Params {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'number' ? value : line(value)]),
  )
}

/** Names and values may come from elsewhere: one line, nothing that a notification would obey. */
function line(text: string): string {
  return cleanText(text, 200).replace(/\s+/g, ' ')
}

function number(value: number, locale: Locale): string {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(value)
}
