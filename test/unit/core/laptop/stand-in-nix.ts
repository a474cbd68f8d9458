// A stand-in for the nix program of versions that are not installed here: prints what it is told to.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { executable } from './tree.ts'

export interface StandIn {
  readonly version: string
  /** Answers of `show-config` and `config show`; a missing one is an unknown command, as in that version. */
  readonly showConfig?: Readonly<Record<string, unknown>>
  readonly configShow?: Readonly<Record<string, unknown>>
  /** Instead of an answer: the text on stderr, and exit code 1. */
  readonly error?: string
}

/** Writes DIR/bin/nix, which also counts its starts in DIR/starts. */
export async function standInNix(dir: string, nix: StandIn): Promise<void> {
  const json = (values: Readonly<Record<string, unknown>> | undefined) =>
    values === undefined
      ? 'echo "error: \'$3\' is not a recognised command" >&2; exit 1'
      : `cat <<'END'\n${JSON.stringify(Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])))}\nEND`
  const path = join(dir, 'bin/nix')
  await writeFile(
    path,
    `#!/bin/sh
echo "$*" >> ${dir}/starts
if [ "$1" = --version ]; then echo "${nix.version}"; exit 0; fi
${nix.error === undefined ? '' : `cat >&2 <<'END'\n${nix.error}\nEND\nexit 1`}
if [ "$3 $4" = "config show" ]; then
${json(nix.configShow)}
elif [ "$3" = show-config ]; then
${json(nix.showConfig)}
fi
`,
  )
  await executable(path)
}
