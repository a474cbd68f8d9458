// Writes docs/causes.md from the catalogue and its English words; with --check it only says whether the file is stale.
import { readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { type CauseCode, type CauseEntry, type CauseWhere, causeCodes, causes } from '../src/shared/causes.ts'
import { causes as words } from '../src/shared/messages/en/causes.ts'

const file = new URL('../docs/causes.md', import.meta.url)

const families: Readonly<Record<string, string>> = {
  laptop: 'On the laptop',
  net: 'On the network',
  ssh: 'In SSH',
  desktop: 'On the desktop',
  nix: "In the desktop's Nix",
  cache: 'In the cache',
}

const places: Readonly<Record<CauseWhere, string>> = {
  laptop: 'the laptop',
  network: 'the network',
  desktop: 'the desktop',
}

/** The whole text of docs/causes.md. */
export function causesDocument(): string {
  const sections = Object.entries(families).map(([family, heading]) => {
    const codes = causeCodes.filter((code) => code.startsWith(`${family}.`))
    return `## ${heading}\n\n${codes.map(section).join('\n')}`
  })
  return `# Causes

Every reason the product knows why offloading may not work. Made by \`npm run docs\` from src/shared/causes.ts and its
English words: change those, not this file. Codes are API: they stand in \`offload-status --json\` and never change their
meaning. \`{names}\` stand for the values that a problem carries in its \`params\`.

${sections.join('\n')}`
}

function section(code: CauseCode): string {
  const { title, explain, fix } = words[code]
  const entry: CauseEntry = causes[code]
  const params = entry.params.map((name) => `\`${name}\``).join(', ')
  return `### \`${code}\`

**${title}** (mended on ${places[entry.where]}). ${explain} ${fix}
${entry.command === null ? '' : `\nOn the ${entry.runOn}: \`${entry.command}\`\n`}${params === '' ? '' : `\nParams: ${params}\n`}`
}

async function main(): Promise<void> {
  const wanted = causesDocument()
  if (!process.argv.includes('--check')) return writeFile(file, wanted)
  const found = await readFile(file, 'utf8').catch(() => '')
  if (found === wanted) return
  console.error('docs/causes.md is stale: run `npm run docs` and commit it.')
  process.exitCode = 1
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
