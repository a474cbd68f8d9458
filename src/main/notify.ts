// Shows notifications: Electron's where a click opens the window, node-notifier where there is nothing to click.
import { Notification } from 'electron'
import type { Log } from './log.ts'
import { notAnOption } from './not-an-option.ts'

export interface Message {
  readonly title: string
  readonly body: string
  /** What a click does; without it the message is plain. */
  readonly onClick?: () => void
}

/** Shown ones are kept here: a collected Notification loses its click. */
const shown = new Set<Notification>()

/** Shows a message. A desktop without notifications gets a line in the log, never an error. */
export function showNotification(message: Message, icon: string, log: Log): void {
  const { onClick } = message
  if (onClick !== undefined && Notification.isSupported()) showClickable({ ...message, onClick }, icon)
  else showPlain(message, icon).catch((error: unknown) => log.warn('no notification could be shown:', error))
}

function showClickable(message: Required<Message>, icon: string): void {
  const notification = new Notification({ title: message.title, body: message.body, icon })
  const forget = () => shown.delete(notification)
  notification.on('click', () => {
    message.onClick()
    forget()
  })
  notification.on('close', forget)
  notification.on('failed', forget)
  shown.add(notification)
  notification.show()
}

/** Loaded only when needed: most days bring no message at all. */
async function showPlain(message: Message, icon: string): Promise<void> {
  const { default: notifier } = await import('node-notifier')
  await new Promise<void>((resolve, reject) => {
    const sent = { title: notAnOption(message.title), message: notAnOption(message.body), icon }
    notifier.notify(sent, (error) => (error ? reject(error) : resolve()))
  })
}
