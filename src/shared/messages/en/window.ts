// The words of the window.
export const window = {}
