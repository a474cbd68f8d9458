// Makes a page's own tasks come late, as on a machine that is busy elsewhere: what a test reads too early then shows.

/**
 * Runs in the page before anything else. Messages between the page's tasks (React draws and runs its effects by them),
 * sizes and scrolling come `ms` later; what the page does at once is not touched. Must stand alone: it is sent as source.
 */
export function makeLate(ms: number): void {
  const later = (act: () => void) => void scheduler.postTask(act, { delay: ms })
  const Channel = MessageChannel
  window.MessageChannel = class extends Channel {
    constructor() {
      super()
      const send = this.port2.postMessage.bind(this.port2)
      this.port2.postMessage = (message: unknown) => later(() => send(message))
    }
  }
  const Observer = ResizeObserver
  window.ResizeObserver = class extends Observer {
    constructor(told: ResizeObserverCallback) {
      super((entries, observer) => later(() => told(entries, observer)))
    }
  }
  const redispatch = (event: Event) => {
    const { target, type } = event
    if (!event.isTrusted || target === null) return
    event.stopImmediatePropagation()
    later(() => target.dispatchEvent(new Event(type)))
  }
  for (const type of ['scroll', 'resize', 'toggle']) window.addEventListener(type, redispatch, true)
}
