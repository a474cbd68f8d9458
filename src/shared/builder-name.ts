// What a builder is called in a sentence: by its host, also where the machines file no longer has it.

/** The host of the builder with this id; an id nobody knows any more is a store URI and holds its host. */
export function builderName(
  id: string,
  builders: readonly { readonly id: string; readonly host: string }[],
): string {
  const known = builders.find((one) => one.id === id)
  return known?.host ?? /^[a-z-]+:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^/?#:]+)/.exec(id)?.[1] ?? id
}
