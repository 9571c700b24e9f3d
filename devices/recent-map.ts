/**
 * A map that forgets what has not been used for long: it holds at least the `size` entries used last, and
 * at most twice as many. Two generations instead of a linked list, so that a hit costs one look-up.
 */
export class RecentMap<Key, Value> {
  private readonly size: number
  private young = new Map<Key, Value>()
  private old = new Map<Key, Value>()

  constructor(size: number) {
    this.size = size
  }

  get(key: Key): Value | undefined {
    const value = this.young.get(key)
    if (value !== undefined) return value
    const aged = this.old.get(key)
    if (aged !== undefined) this.set(key, aged)
    return aged
  }

  set(key: Key, value: Value): void {
    if (this.young.size >= this.size && !this.young.has(key)) {
      this.old = this.young
      this.young = new Map()
    }
    this.young.set(key, value)
  }
}
