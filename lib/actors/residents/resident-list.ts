/** What stands in a list, and knows where. */
export interface Listed<Item extends Listed<Item>> {
  list: ResidentList<Item> | undefined
  older: Item | undefined
  newer: Item | undefined
}

/** Residents in an order, as a linked list: one that speaks moves to its end without a search. */
export class ResidentList<Item extends Listed<Item>> {
  oldest: Item | undefined
  newest: Item | undefined
  size = 0

  append(resident: Item): void {
    resident.list = this
    resident.older = this.newest
    if (this.newest) this.newest.newer = resident
    else this.oldest = resident
    this.newest = resident
    this.size++
  }

  prepend(resident: Item): void {
    resident.list = this
    resident.newer = this.oldest
    if (this.oldest) this.oldest.older = resident
    else this.newest = resident
    this.oldest = resident
    this.size++
  }

  remove(resident: Item): void {
    const { older, newer } = resident
    if (older) older.newer = newer
    else this.oldest = newer
    if (newer) newer.older = older
    else this.newest = older
    resident.older = undefined
    resident.newer = undefined
    resident.list = undefined
    this.size--
  }
}
