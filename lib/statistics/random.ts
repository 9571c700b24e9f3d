/** A repeatable source of chance: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Evenly distributed in [from, to), with 53 random bits. [0, 1) unless given. */
  uniform(from?: number, to?: number): number
  /** Normally distributed. Mean 0 and standard deviation 1 unless given. */
  gaussian(mean?: number, standardDeviation?: number): number
  /** A whole number from `from` to `to`, both included. */
  integer(from: number, to: number): number
  /** One of `items`, each as likely. Throws a RangeError when there are none. */
  pick<T>(items: readonly T[]): T
  /** An independent source named `name`, the same however many numbers were drawn before. */
  fork(name: string): Random
}

// FNV-1a, 32 bits (Fowler, Noll, Vo): spreads a name over the seed.
const hash = (text: string, offset: number): number => {
  let result = offset
  for (let index = 0; index < text.length; index += 1) {
    result = Math.imul(result ^ text.charCodeAt(index), 0x01000193)
  }
  return result >>> 0
}

/**
 * The small fast chaotic generator sfc32, seeded as its author does: C. Doty-Humphrey, PractRand 0.94,
 * RNGs/sfc.cpp (public domain). Period at least 2³².
 */
const smallFastChaotic = (low: number, high: number): (() => number) => {
  let a = 0
  let b = low | 0
  let c = high | 0
  let counter = 1
  const next = (): number => {
    const result = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + result) | 0
    return result >>> 0
  }
  for (let round = 0; round < 12; round += 1) next()
  return next
}

/** Everything random in a simulation or a test, from one seed: a name or a whole number. */
export const randomFrom = (seed: string | number): Random => {
  const name = String(seed)
  const next = smallFastChaotic(hash(name, 0x811c9dc5), hash(name, 0x9e3779b9))
  const unit = (): number => ((next() >>> 5) * 0x4000000 + (next() >>> 6)) / 0x20000000000000
  let spare = Number.NaN

  // The polar method: G. Marsaglia, T. A. Bray, SIAM Review 6 (1964) 260–264. It makes two at a time.
  const standardNormal = (): number => {
    if (!Number.isNaN(spare)) {
      const kept = spare
      spare = Number.NaN
      return kept
    }
    for (;;) {
      const x = unit() * 2 - 1
      const y = unit() * 2 - 1
      const square = x * x + y * y
      if (square >= 1 || square === 0) continue
      const scale = Math.sqrt((-2 * Math.log(square)) / square)
      spare = y * scale
      return x * scale
    }
  }

  const integer = (from: number, to: number): number => from + Math.floor(unit() * (to - from + 1))
  return {
    uniform: (from = 0, to = 1) => from + unit() * (to - from),
    gaussian: (mean = 0, standardDeviation = 1) => mean + standardDeviation * standardNormal(),
    integer,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new RangeError('items must hold at least one to pick from, got none')
      return items[integer(0, items.length - 1)] as T
    },
    fork: (fork) => randomFrom(`${name}/${fork}`),
  }
}
