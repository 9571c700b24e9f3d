import { map } from 'rxjs'
import type { Behavior } from '../../lib/actors/behavior.ts'
import { mapResults } from '../../lib/processors/map-results.ts'
import { ordered } from '../../lib/processors/ordered.ts'
import { perKey } from '../../lib/processors/per-key.ts'
import { tumbling } from '../../lib/processors/tumbling.ts'
import { watermarks } from '../../lib/processors/watermarks.ts'
import { window } from '../../lib/processors/window.ts'
import { summary } from '../../lib/statistics/summary.ts'
import { boundedOutOfOrderness } from '../../lib/time/watermark-policy.ts'

/** What the stores kept here were fed with. */
export interface Coin {
  readonly who: string
  readonly purse: string
  readonly value: number
  readonly time: number
}

export const day = Date.UTC(2026, 0, 5)

/** Coins of three people in two purses, a hundred milliseconds apart, every fifth one late by 150. */
export const coins = (from: number, to: number): Coin[] =>
  Array.from({ length: to - from }, (_, index) => {
    const number = from + index
    return {
      who: ['ann', 'bob', 'cas'][number % 3] as string,
      purse: number % 2 === 0 ? 'left' : 'right',
      value: (number * 7) % 11,
      time: day + number * 100 - (number % 5 === 0 ? 150 : 0),
    }
  })

/** A clock, a buffer and windows: its steps never change, since the stores kept here were written by them. */
export const watchCoins: Behavior<Coin, string> = (inbox, actor) =>
  inbox.pipe(
    actor.durable('time', watermarks<Coin, unknown>(boundedOutOfOrderness(200))),
    actor.durable('order', ordered<Coin>()),
    actor.durable(
      'windows',
      perKey(
        ({ purse }: Coin) => purse,
        mapResults(window(tumbling(1_000), summary()), (result, { subkey }) => ({
          ...result,
          purse: subkey,
        })),
      ),
    ),
    map(({ purse, window: { start }, count, value }) =>
      JSON.stringify({ purse, start: start - day, count, value }),
    ),
  )
