// A value as a POSIX shell takes it: apart from the catalogue of causes, for what must start fast.

/** A value as one shell word: as it is when plain, else in single quotes. A leading ~/ still means the home folder. */
export function shellWord(value: string): string {
  if (value.startsWith('~/')) return `~/${shellWord(value.slice(2))}`
  return isPlain(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}

/** Whether a shell takes it as it is. */
export function isPlain(value: string): boolean {
  return /^[\w@%+=:,./-]+$/.test(value)
}
