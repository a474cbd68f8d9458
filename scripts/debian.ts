// `npm run debian -- app|test|lab [--print]`: installs the Debian packages for a purpose, or says how.
import { install, installLine, isRoot, missingPackages, thisSystem } from './debian/install.ts'
import { isPurpose, packagesFor } from './debian/packages.ts'

const usage = `Usage: npm run debian -- app|test|lab… [--print]
  app   what Electron needs to run
  test  a screen, a panel and a browser for the ui and e2e tests (and app)
  lab   the container and Nix for the lab and integration tests
  --print  only shows the command for what is missing`

/** Exit code: 0 nothing is missing (any more), 1 something is, 2 wrong usage. */
function main(args: string[]): number {
  const words = args.filter((arg) => !arg.startsWith('-'))
  const flags = args.filter((arg) => arg.startsWith('-'))
  if (flags.includes('--help')) {
    console.log(usage)
    return 0
  }
  const purposes = words.filter(isPurpose)
  if (words.length === 0 || purposes.length < words.length || flags.some((flag) => flag !== '--print')) {
    console.error(usage)
    return 2
  }
  const system = thisSystem()
  if (!system.debianLike) {
    console.error(
      'This is no Debian: install the equivalents of these packages with your own package manager:',
    )
    console.error(packagesFor(purposes).join(' '))
    return 1
  }
  const missing = missingPackages(packagesFor(purposes), system)
  if (missing.length === 0) {
    console.log(`Nothing is missing for: ${purposes.join(', ')}.`)
    return 0
  }
  if (flags.includes('--print') || !isRoot()) {
    console.log(installLine(missing))
    return 1
  }
  console.log(`Installing ${missing.length} Debian packages: ${missing.join(' ')}`)
  const failed = install(missing, false)
  if (failed !== undefined) console.error(failed)
  return failed === undefined ? 0 : 1
}

process.exitCode = main(process.argv.slice(2))
