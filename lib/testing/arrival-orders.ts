import type { Random } from '../statistics/random.ts'
import type { Duration } from '../time/duration.ts'
import type { Timed } from '../time/timed.ts'
import { wordsOf } from './moment.ts'
import { type Given, isEvent } from './notation.ts'

/** Sets of events that are counted at the most. Beyond it only samples are taken. */
const setsCounted = 20_000

/**
 * Every order in which the events of a case may arrive when none comes more than `within` behind a later one.
 * Silences and wall times stay where they are: events pass neither.
 */
export class ArrivalOrders<In extends Timed> {
  /** How many there are. Undefined when they are too many to count. */
  readonly count: bigint | undefined
  private readonly given: readonly Given<In>[]
  /** Where in `given` the events are. */
  private readonly places: readonly number[]
  /** For each event, the set of those that must have come before it, as bits. */
  private readonly before: readonly bigint[]
  private readonly counted = new Map<bigint, bigint>()

  /** Throws a RangeError when the order given is not one of them. */
  constructor(given: readonly Given<In>[], within: Duration) {
    if (!(within >= 0)) throw new RangeError(`orders.within must be 0 ms or more, got ${within}`)
    this.given = given
    this.places = given.flatMap((step, place) => (isEvent(step) ? [place] : []))
    const events = this.places.map((place) => given[place] as In)
    const stretches = this.places.map(
      (place) => given.slice(0, place).filter((step) => !isEvent(step)).length,
    )
    this.before = events.map((event, index) =>
      events.reduce((set, other, place) => {
        const isTooOld = event.time - other.time > within
        if (isTooOld && place > index) throw tooLate(other, event, within)
        return isTooOld || stretches[place]! < stretches[index]! ? set | (1n << BigInt(place)) : set
      }, 0n),
    )
    const all = (1n << BigInt(events.length)) - 1n
    this.count = this.countOf(all)
  }

  /** Up to `limit` of them: all, or a sample in which each is as likely. The order given is the first. */
  take(limit: number, random: Random): (readonly Given<In>[])[] {
    const given = this.places.map((_, index) => index)
    const orders = new Map([[given.join(), given]])
    if (this.count !== undefined && this.count <= BigInt(limit)) {
      for (const order of this.all()) orders.set(order.join(), order)
    } else {
      const latestFirst = this.build((next) => next.at(-1)!)
      orders.set(latestFirst.join(), latestFirst)
      // A sample may meet the same order again, so there is an end to trying.
      for (let tries = 0; orders.size < limit && tries < 4 * limit; tries++) {
        const order = this.build((next, left) => this.choose(next, left, random))
        orders.set(order.join(), order)
      }
    }
    return [...orders.values()].slice(0, limit).map((order) => this.arranged(order))
  }

  private arranged(order: readonly number[]): readonly Given<In>[] {
    let taken = 0
    return this.given.map((step) =>
      isEvent(step) ? (this.given[this.places[order[taken++]!]!] as In) : step,
    )
  }

  private *all(): Generator<number[]> {
    const order: number[] = []
    const extend = function* (orders: ArrivalOrders<In>, left: bigint): Generator<number[]> {
      if (left === 0n) yield [...order]
      for (const index of orders.next(left)) {
        order.push(index)
        yield* extend(orders, left & ~(1n << BigInt(index)))
        order.pop()
      }
    }
    yield* extend(this, (1n << BigInt(this.places.length)) - 1n)
  }

  private build(choose: (next: readonly number[], left: bigint) => number): number[] {
    const order: number[] = []
    for (let left = (1n << BigInt(this.places.length)) - 1n; left !== 0n; ) {
      const index = choose(this.next(left), left)
      order.push(index)
      left &= ~(1n << BigInt(index))
    }
    return order
  }

  /** In proportion to the orders that begin so, where they are counted. */
  private choose(next: readonly number[], left: bigint, random: Random): number {
    if (this.count === undefined) return next[random.below(next.length)]!
    const precision = 2 ** 32
    const total = this.countOf(left)!
    let point = (total * BigInt(random.below(precision))) / BigInt(precision)
    for (const index of next) {
      point -= this.countOf(left & ~(1n << BigInt(index)))!
      if (point < 0n) return index
    }
    return next.at(-1)!
  }

  /** Events of the set `left` that may come first. */
  private next(left: bigint): number[] {
    return this.before.flatMap((before, index) => {
      return (left >> BigInt(index)) & 1n && (before & left) === 0n ? [index] : []
    })
  }

  private countOf(left: bigint): bigint | undefined {
    const next = this.next(left)
    const size = this.places.reduce((sum, _, index) => sum + Number((left >> BigInt(index)) & 1n), 0)
    if (next.length === size) return factorial(size)
    const known = this.counted.get(left)
    if (known !== undefined) return known
    let sum = 0n
    for (const index of next) {
      const rest = this.countOf(left & ~(1n << BigInt(index)))
      if (rest === undefined || this.counted.size >= setsCounted) return undefined
      sum += rest
    }
    this.counted.set(left, sum)
    return sum
  }
}

/** How far apart two orders of the same events are: pairs that come the other way round. */
export function swaps<In extends Timed>(one: readonly Given<In>[], other: readonly Given<In>[]): number {
  const places = new Map(one.map((step, place) => [step, place]))
  const order = other.map((step) => places.get(step)!)
  return order.reduce((sum, place, at) => sum + order.slice(at + 1).filter((next) => next < place).length, 0)
}

function factorial(count: number): bigint {
  let product = 1n
  for (let factor = 2n; factor <= BigInt(count); factor++) product *= factor
  return product
}

const tooLate = (late: Timed, early: Timed, within: Duration): RangeError =>
  new RangeError(
    `given has an event of time ${late.time} that comes ${wordsOf(early.time - late.time)} behind one of ` +
      `${early.time}, and orders.within is ${wordsOf(within)}: raise it, or leave orders out to test lateness`,
  )
