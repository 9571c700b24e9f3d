/** For each candidate, whether it fails too. */
export type Trial<Step> = (candidates: readonly (readonly Step[])[]) => Promise<readonly boolean[]>

/**
 * The smallest part of `steps` that still fails, found by leaving out half of them, a quarter, and so on down
 * to single ones. Candidates are tried together. Deterministic.
 */
export async function shrinkCase<Step>(steps: readonly Step[], fails: Trial<Step>): Promise<readonly Step[]> {
  let smallest = steps
  for (let size = steps.length >> 1; size >= 1; size >>= 1) {
    for (;;) {
      const candidates = withoutChunks(smallest, size)
      const results = await fails(candidates)
      const failing = candidates[results.indexOf(true)]
      if (!failing) break
      smallest = failing
    }
  }
  return smallest
}

/** The order nearest to `wanted` that still fails, found by putting neighbours right. */
export async function simplifyOrder<Step>(
  steps: readonly Step[],
  wanted: readonly Step[],
  fails: Trial<Step>,
): Promise<readonly Step[]> {
  const places = new Map(wanted.map((step, place) => [step, place]))
  let simplest = steps
  for (;;) {
    const candidates = simplest.flatMap((step, at) => {
      const next = simplest[at + 1]
      if (next === undefined || places.get(step)! <= places.get(next)!) return []
      return [simplest.toSpliced(at, 2, next, step)]
    })
    const results = candidates.length > 0 ? await fails(candidates) : []
    const failing = candidates[results.indexOf(true)]
    if (!failing) return simplest
    simplest = failing
  }
}

/** `steps` without the last chunk of `size`, without the one before, and so on. */
const withoutChunks = <Step>(steps: readonly Step[], size: number): Step[][] => {
  const candidates: Step[][] = []
  for (let end = steps.length; end > 0 && steps.length > 1; end -= size) {
    candidates.push(steps.toSpliced(Math.max(0, end - size), Math.min(size, end)))
  }
  return candidates.filter((candidate) => candidate.length > 0)
}
