// The words of the command line tools.
export const cli = {}
