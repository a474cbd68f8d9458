// A text that goes to another program as an argument of its own.

/** node-notifier hands its texts to notify-send, which takes a leading '-' for an option: a zero-width space goes first. */
export function notAnOption(text: string): string {
  return text.startsWith('-') ? `\u200b${text}` : text
}
