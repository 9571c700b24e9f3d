import type { Behavior } from '../actors/behavior.ts'
import { randomFrom } from '../statistics/random.ts'
import { type Duration, days, minutes } from '../time/duration.ts'
import type { Timed } from '../time/timed.ts'
import { ArrivalOrders } from './arrival-orders.ts'
import { CaseVerification } from './case-verification.ts'
import { CaseView, isConfirmed } from './case-view.ts'
import { freeze } from './freeze.ts'
import type { Given } from './notation.ts'

/** What an actor is given, what must come out, and what must make no difference. */
export interface BehaviorCase<In extends Timed, Out> {
  /** Events in order of arrival, each when it happens, and silences and wall times between them. */
  readonly given: readonly Given<In>[]
  /**
   * What comes out, in order, with what is `tagged` among it. Left out, only what makes a
   * difference is looked for.
   */
  readonly expect?: readonly unknown[]
  /** Events the actor has had before, for a baseline. What they bring out does not count. */
  readonly history?: readonly In[]
  /**
   * Tries every order in which none of the given events comes more than `within` behind a later one. When
   * there are more than `atMost`, 200 unless given, a seeded sample of as many.
   */
  readonly orders?: { readonly within: Duration; readonly atMost?: number }
  /**
   * Which outputs must not depend on the order of arrival; the others count only without `orders`. All unless
   * given, but for those whose `status` is 'provisional', 'withdrawn' or 'revised'.
   */
  readonly confirmed?: (output: Out) => boolean
  /** What of an output is compared: a line of text, a few fields. */
  readonly view?: (output: Out) => unknown
  /** What stands behind the last durable step may forget at a restart. It must not unless given. */
  readonly downstreamMayForget?: boolean
  /** Key of the actor, 'actor' unless given. */
  readonly key?: string
  /** What `actor.value(name)` reads. */
  readonly values?: Readonly<Record<string, unknown>>
  /** As of `actors`: 1 minute and 24 hours unless given. */
  readonly idleAfter?: Duration
  readonly closeAfter?: Duration
  /** Of the sample of orders, 1 unless given. */
  readonly seed?: number
}

/** What was tried. */
export interface VerifiedBehavior {
  /** Orders of arrival. */
  readonly orders: number
  /** How many there are within the bound. Undefined when they are too many to count. */
  readonly ofOrders: bigint | undefined
  /** Runs of the case: each order straight, with restoring from rows, and with restarts. */
  readonly runs: number
}

/**
 * Runs a behavior for one actor through the same machinery as `actors`, on LMDB in a temporary folder, again
 * and again: straight; leaving memory and coming back from its saved rows between all events; and with the
 * process restarted and the journal replayed between all events. All that in every order of arrival within
 * `orders.within`. What comes out must be the same, and so must be what each durable step sees: an operator
 * that remembers upstream of a durable step is refused even where it does not show.
 *
 * ```ts
 * await verifyBehavior(watchDoor, {
 *   given: timeline('open@0s shut@4s open@10s'),
 *   orders: { within: seconds(5) },
 *   expect: [{ time: moment('4s'), openFor: seconds(4) }],
 * })
 * ```
 *
 * Rejects with an Error that shows the smallest failing case: the order of arrival, where the actor was
 * restored, expected and got, the step, the cause and the remedy.
 */
export async function verifyBehavior<In extends Timed, Out>(
  behavior: Behavior<In, Out>,
  {
    given,
    expect,
    history = [],
    orders,
    confirmed = isConfirmed,
    view = (output) => output,
    downstreamMayForget = false,
    key = 'actor',
    values = {},
    idleAfter = minutes(1),
    closeAfter = days(1),
    seed = 1,
  }: BehaviorCase<In, Out>,
): Promise<VerifiedBehavior> {
  for (const step of [...given, ...history]) freeze(step)
  const all = orders && new ArrivalOrders(given, orders.within)
  const tried = all ? all.take(orders.atMost ?? 200, randomFrom(seed)) : [given]
  const verification = new CaseVerification<In, Out>({
    subject: { behavior, key, values, idleAfter, closeAfter, history },
    view: new CaseView(view, orders ? confirmed : () => true),
    mayForget: downstreamMayForget,
    given,
    orders: tried,
    words: orders ? wordsOf(tried.length, all?.count, seed) : '',
  })
  await verification.straight(expect)
  // What differs in a replay is not deterministic, so that what differs after it must be forgotten.
  await verification.restored('from the journal')
  await verification.restored('from its rows')
  return { orders: tried.length, ofOrders: all ? all.count : 1n, runs: 3 * tried.length }
}

const wordsOf = (tried: number, count: bigint | undefined, seed: number): string =>
  count === BigInt(tried)
    ? `all ${tried} orders within the bound`
    : `${tried} of ${count ?? 'more than can be counted'} orders within the bound, with seed ${seed}`
