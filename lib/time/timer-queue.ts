/** Something that wants to happen at a moment of event time. The queue keeps `order` and `place`. */
export interface Timer {
  due: number
  /** Number of its insertion: of timers due together the first inserted is first. */
  order: number
  /** Where in the queue it is, −1 when it is not. */
  place: number
}

/**
 * Timers by due time, then by insertion, as a binary heap. A timer knows its place, so that one that is
 * cancelled leaves at once: `switchMap(() => timer(…))` cancels one for every event.
 */
export class TimerQueue<T extends Timer> {
  private readonly heap: T[] = []
  private inserted = 0

  get first(): T | undefined {
    return this.heap[0]
  }

  add(timer: T): void {
    timer.order = this.inserted++
    this.heap.push(timer)
    this.rise(timer, this.heap.length - 1)
  }

  remove(timer: T): void {
    const { place } = timer
    if (place < 0) return
    timer.place = -1
    const last = this.heap.pop()!
    if (last === timer) return
    this.rise(last, place)
    this.sink(last, last.place)
  }

  /** Makes every timer due `by` later, which keeps their order. */
  postpone(by: number): void {
    for (const timer of this.heap) timer.due += by
  }

  private rise(timer: T, from: number): void {
    let place = from
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = this.heap[above]!
      if (!isBefore(timer, parent)) break
      this.put(parent, place)
      place = above
    }
    this.put(timer, place)
  }

  private sink(timer: T, from: number): void {
    let place = from
    for (;;) {
      let below = 2 * place + 1
      if (below >= this.heap.length) break
      if (below + 1 < this.heap.length && isBefore(this.heap[below + 1]!, this.heap[below]!)) below += 1
      const child = this.heap[below]!
      if (!isBefore(child, timer)) break
      this.put(child, place)
      place = below
    }
    this.put(timer, place)
  }

  private put(timer: T, place: number): void {
    this.heap[place] = timer
    timer.place = place
  }
}

const isBefore = (one: Timer, other: Timer): boolean =>
  one.due < other.due || (one.due === other.due && one.order < other.order)
