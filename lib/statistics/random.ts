/** A source of numbers that look random and repeat exactly for the same seed. */
export interface Random {
  /** Uniform in [0, 1), in steps of 2⁻³². */
  uniform(): number
  /** An integer in [0, limit), each as likely. */
  below(limit: number): number
  /** Normal with mean 0 and standard deviation 1, tails included. */
  normal(): number
}

/**
 * The sfc32 generator (Chris Doty-Humphrey, PractRand), seeded through the finaliser of MurmurHash3. Seeds
 * that differ by one give unrelated streams; further words select a stream of their own under one seed.
 */
export function randomFrom(seed: number, ...stream: number[]): Random {
  let a = scramble(seed | 0)
  let b = scramble(a ^ Math.floor(seed / 4294967296))
  let c = stream.reduce((mixed, word) => scramble(mixed ^ scramble(word)), b ^ 0x9e3779b9)
  let counter = 1
  let spare = Number.NaN

  const next = (): number => {
    const result = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + result) | 0
    return result >>> 0
  }
  for (let round = 0; round < 12; round++) next()

  const uniform = (): number => next() / 4294967296

  // Marsaglia's polar method: exact tails, and of the functions of Math only sqrt and log.
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const kept = spare
      spare = Number.NaN
      return kept
    }
    for (;;) {
      const x = 2 * uniform() - 1
      const y = 2 * uniform() - 1
      const square = x * x + y * y
      if (square >= 1 || square === 0) continue
      const factor = Math.sqrt((-2 * Math.log(square)) / square)
      spare = y * factor
      return x * factor
    }
  }

  return { uniform, below: (limit) => Math.floor(uniform() * limit), normal }
}

function scramble(word: number): number {
  let mixed = (word + 0x6d2b79f5) | 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
