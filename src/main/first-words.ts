// What is said in the terminal in place of starting: the help, the version, and that there is no display.
import { localeOfEnvironment } from '../shared/locale.ts'
import { start as en } from '../shared/messages/en/start.ts'
import { start as ptBR } from '../shared/messages/pt-BR/start.ts'

/** A text for the terminal, and the exit code that goes with it. */
export interface FirstWords {
  readonly text: string
  readonly code: 0 | 1
}

/**
 * null: start the app. Only its own few words are read, and not the whole of the messages: this comes before the icon.
 * Without a display Chromium would end in a crash.
 */
export function firstWords(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  version: string,
): FirstWords | null {
  const words = localeOfEnvironment(env) === 'pt-BR' ? ptBR : en
  if (argv.includes('--help') || argv.includes('-h')) return { text: usage(words), code: 0 }
  if (argv.includes('--version')) return { text: version, code: 0 }
  const headless = argv.some((arg) => arg.startsWith('--headless') || arg.startsWith('--ozone-platform='))
  if (headless || env['DISPLAY'] || env['WAYLAND_DISPLAY']) return null
  return { text: words.noDisplay, code: 1 }
}

function usage({ usageTitle, about, options, others }: typeof en): string {
  const width = Math.max(...Object.keys(options).map((name) => name.length))
  const rows = Object.entries(options).map(([name, what]) => `  ${name.padEnd(width)}  ${what}`)
  return [`${usageTitle} offload-tray [options]`, about, '', ...rows, '', others].join('\n')
}
