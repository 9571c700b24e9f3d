/**
 * Who has lately left memory, by the hash of the key: four bytes for each, whatever the length of the key.
 * One forgets another whose hash falls into the same place, so that about the last `memory` are known. A
 * mistake costs nothing but a place in memory.
 */
export class LatelyLeft {
  private readonly hashes: Int32Array

  /** @param memory How many are to be known, about. */
  constructor(memory: number) {
    this.hashes = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(1, memory))))
  }

  add(hash: number): void {
    this.hashes[this.placeOf(hash)] = hash
  }

  has(hash: number): boolean {
    return this.hashes[this.placeOf(hash)] === (hash | 0)
  }

  private placeOf(hash: number): number {
    return (hash ^ (hash >>> 16)) & (this.hashes.length - 1)
  }
}
