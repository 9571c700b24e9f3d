/** Whose outputs a store holds, by the positions of their turns. */
export interface Lineage {
  /** Random name of this store, made when it was made: ids built on it never repeat in another store. */
  readonly epoch: string
  /**
   * The stores that this one goes on from, oldest first, then those that it replaced. Missing or empty unless
   * it was restored.
   */
  readonly ancestors?: readonly Ancestor[]
}

/** A store whose backup this one was restored from, or that it took the place of. */
export interface Ancestor {
  readonly epoch: string
  /**
   * The last position that both have, 0 when they have nothing in common. What the other one wrote behind it,
   * this one knows nothing of.
   */
  readonly upTo: number
}

/** The epoch that the outputs of a position are named by: of the store in which that turn was taken. */
export const epochAt = ({ epoch, ancestors = [] }: Lineage, position: number): string =>
  ancestors.find(({ upTo }) => position <= upTo)?.epoch ?? epoch

/** The last position up to `last` that both lineages have, 0 when they have nothing in common. */
export const sharedUpTo = (one: Lineage, other: Lineage, last: number): number => {
  const ends = [...(one.ancestors ?? []), ...(other.ancestors ?? [])].map(({ upTo }) => upTo)
  let shared = 0
  for (const end of [...ends.filter((upTo) => upTo > 0 && upTo < last), last].sort((a, b) => a - b)) {
    if (epochAt(one, end) !== epochAt(other, end)) break
    shared = end
  }
  return shared
}

export const encodeAncestors = (ancestors: readonly Ancestor[]): Uint8Array =>
  Buffer.from(JSON.stringify(ancestors))

export const decodeAncestors = (bytes: Uint8Array | undefined): readonly Ancestor[] =>
  bytes ? (JSON.parse(Buffer.from(bytes).toString()) as Ancestor[]) : []
