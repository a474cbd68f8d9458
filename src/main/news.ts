// Turns the stream of states into notifications: asks notice.ts what is news, and says it.
import { headline } from '../shared/headline.ts'
import { messagesFor } from '../shared/messages/index.ts'
import type { StateStore } from './app-state.ts'
import { type Notice, nothingTold, noticeFor } from './notice.ts'
import type { Message } from './notify.ts'

interface NewsOptions {
  readonly state: Pick<StateStore, 'get' | 'subscribe'>
  readonly show: (message: Message) => void
  readonly openWindow: () => void
}

/** Follows the state until it is stopped. */
export function followNews(options: NewsOptions): { stop(): void } {
  let memory = nothingTold
  let timer: NodeJS.Timeout | undefined
  const look = (): void => {
    clearTimeout(timer)
    const decision = noticeFor(memory, options.state.get().snapshot.overall, Date.now())
    memory = decision.memory
    if (decision.notice !== null) options.show(messageOf(decision.notice, options))
    if (decision.againInMs !== null) timer = setTimeout(look, decision.againInMs)
  }
  const unsubscribe = options.state.subscribe(look)
  look()
  return {
    stop: () => {
      clearTimeout(timer)
      unsubscribe()
    },
  }
}

function messageOf(notice: Notice, options: NewsOptions): Message {
  const { snapshot, locale } = options.state.get()
  const words = messagesFor(locale).tray
  const body = headline(snapshot, locale)
  if (notice.kind === 'recovery') return { title: words.notices.recovery, body }
  return { title: words.outage[notice.overall] ?? body, body, onClick: options.openWindow }
}
