// Loaded before a measured program (node --require): says its greatest resident memory, in MB, on stderr as it ends.
process.on('exit', () => {
  require('node:fs').writeSync(2, `peak ${(process.resourceUsage().maxRSS * 1024) / 1e6}\n`)
})
