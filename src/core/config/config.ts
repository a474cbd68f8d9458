// The user's few settings: TOML in, defaults for what is not there, a problem for what is wrong, nothing else lost.
import { parse, TomlError } from 'smol-toml'
import * as v from 'valibot'
import { locales } from '../../shared/locale.ts'
import { type Problem, problem } from '../../shared/outcome.ts'
import { readText } from '../laptop/read-text.ts'
import { nearest } from './nearest.ts'
import type { AppPaths } from './paths.ts'
import { lineOfKey } from './toml-lines.ts'

const url = v.pipe(
  v.string(),
  v.check((text) => URL.canParse(text) && /^https?:/.test(text)),
)

/** Each key: what it may be, what it is when nothing is written, and how its values look (shown with a mistake). */
const keys = {
  /** Seconds between two looks at the cheap things. */
  heartbeatSeconds: key(v.pipe(v.number(), v.finite(), v.minValue(5)), 30, '≥ 5'),
  /** Seconds between two proofs over SSH. */
  sshProofSeconds: key(v.pipe(v.number(), v.finite(), v.minValue(30)), 300, '≥ 30'),
  /** 'auto' finds the desktops' caches among the substituters; a list names them. */
  cache: key(
    v.union([v.picklist(['auto', 'none']), v.pipe(v.array(url), v.minLength(1), v.readonly())]),
    'auto',
    '"auto", "none", ["http://desktop:5000"]',
  ),
  locale: key(
    v.picklist(['auto', ...locales]),
    'auto',
    ['auto', ...locales].map((one) => `"${one}"`).join(', '),
  ),
  notifications: key(v.boolean(), true, 'true, false'),
  /** Who signs in to the desktop for a repair; null where nobody was named yet (left out of the file). */
  adminUser: key(v.nullable(v.pipe(v.string(), v.regex(/^[a-z_][a-z0-9_.-]*\$?$/i))), null, '"name"'),
  trayTheme: key(v.picklist(['auto', 'light', 'dark']), 'auto', '"auto", "light", "dark"'),
} as const

export type Config = {
  readonly [Name in keyof typeof keys]: v.InferOutput<(typeof keys)[Name]['schema']>
}

/** What counts where nothing is written. */
export const defaultConfig = Object.fromEntries(
  Object.entries(keys).map(([name, entry]) => [name, entry.otherwise]),
) as unknown as Config

/**
 * Reads the settings file. It is never written. A missing file gives the defaults; a wrong key or value gives a
 * `laptop.config-invalid` {file, line, what}, and every other key still counts.
 */
export async function loadConfig(
  paths: Pick<AppPaths, 'config'>,
): Promise<{ readonly config: Config; readonly problems: readonly Problem[] }> {
  const file = await readText(paths.config)
  switch (file.state) {
    case 'missing':
      return { config: defaultConfig, problems: [] }
    case 'unreadable':
      return {
        config: defaultConfig,
        problems: [
          file.unfit === undefined
            ? problem('laptop.file-unreadable', { file: paths.config }, file.reason)
            : configProblem(paths.config, 1, file.unfit),
        ],
      }
    case 'read':
      return readConfig(file.text, paths.config)
  }
}

/** The same for a text. A syntax error ends the reading at its line: what stands above it still counts. */
export function readConfig(
  text: string,
  file: string,
): { readonly config: Config; readonly problems: readonly Problem[] } {
  const { table, error } = parseAsFarAsPossible(text)
  const problems: Problem[] = error === null ? [] : [configProblem(file, error.line, error.what)]
  const config: Record<string, unknown> = { ...defaultConfig }
  for (const [name, value] of Object.entries(table)) {
    const line = lineOfKey(text, name)
    if (!isKey(name)) {
      const near = nearest(name, Object.keys(keys))
      problems.push(configProblem(file, line, near === null ? name : `${name} → ${near}?`))
      continue
    }
    const read = v.safeParse(keys[name].schema, value)
    if (read.success) config[name] = read.output
    else problems.push(configProblem(file, line, `${name} = ${shownValue(value)} (${keys[name].looks})`))
  }
  return { config: config as unknown as Config, problems }
}

function key<const Schema extends v.GenericSchema, const Otherwise>(
  schema: Schema,
  otherwise: Otherwise & v.InferOutput<Schema>,
  looks: string,
) {
  return { schema, otherwise, looks }
}

function isKey(name: string): name is keyof typeof keys {
  return Object.hasOwn(keys, name)
}

type Parsed = {
  readonly table: Readonly<Record<string, unknown>>
  readonly error: { readonly line: number; readonly what: string } | null
}

function parseAsFarAsPossible(text: string): Parsed {
  const whole = parseToml(text)
  if (whole.error === null) return whole
  const above = parseToml(
    text
      .split('\n')
      .slice(0, whole.error.line - 1)
      .join('\n'),
  )
  return { table: above.table, error: whole.error }
}

function parseToml(text: string): Parsed {
  try {
    return { table: parse(text), error: null }
  } catch (error) {
    if (!(error instanceof TomlError))
      return { table: {}, error: { line: 1, what: String(error).slice(0, 200) } }
    const what = (text.split('\n')[error.line - 1] ?? '').trim().slice(0, 80)
    return { table: {}, error: { line: error.line, what } }
  }
}

function configProblem(file: string, line: number, what: string): Problem {
  return problem('laptop.config-invalid', { file, line, what: what.replace(/\p{Cc}/gu, '\ufffd') })
}

function shownValue(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value))
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
