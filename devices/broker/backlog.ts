/** Bytes received and not yet handed over. Grows by doubling, so that bytes that trickle in cost no more. */
export class Backlog {
  length = 0
  private storage: Buffer = empty
  /** Whether `storage` is ours to write to, and not a slice that others hold too. */
  private owned = false

  /** Bytes of memory that are taken. */
  get heldBytes(): number {
    return this.storage.length
  }

  get bytes(): Buffer {
    return this.length === this.storage.length ? this.storage : this.storage.subarray(0, this.length)
  }

  append(bytes: Buffer): void {
    if (this.length === 0) {
      this.storage = bytes
      this.owned = false
    } else {
      const length = this.length + bytes.length
      if (!this.owned || length > this.storage.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.length))
        larger.set(this.bytes)
        this.storage = larger
        this.owned = true
      }
      this.storage.set(bytes, this.length)
    }
    this.length += bytes.length
  }

  /** Removes the first `count` bytes. What is left is copied, so that it keeps no large buffer alive. */
  remove(count: number): void {
    if (count === 0) return
    this.storage = count === this.length ? empty : Buffer.from(this.bytes.subarray(count))
    this.length = this.storage.length
    this.owned = false
  }
}

const empty = Buffer.alloc(0)
