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

/** What the workshop stores kept here were fed with. */
export interface Measurement {
  readonly machine: string
  readonly metric: string
  readonly value: number
  readonly time: number
}

/** The mean of a metric in a second, as the first stage gives it to the second. */
export interface Mean {
  readonly machine: string
  readonly metric: string
  readonly mean: number
  readonly isFinal: boolean
  readonly time: number
}

export const start = Date.UTC(2026, 0, 5)

/** The last one measures once, at the beginning, and is silent from then on. */
export const machines = ['a-press', 'a-größe', 'b-lathe', 'b-🪛', 'c-silent']

export const workshopNames = {
  stages: ['machines', 'halls'],
  keys: [...machines, 'a', 'b', 'c'],
  sinks: ['means', 'halls'],
}

const metrics = ['heat', 'force']

/** A hundred milliseconds apart, every seventh one late by 150. */
export const measurements = (from: number, to: number): Measurement[] =>
  Array.from({ length: to - from }, (_, index) => {
    const number = from + index
    const which = number === 3 ? 4 : number % 4
    return {
      machine: machines[which] as string,
      metric: metrics[number % 3 === 0 ? 0 : 1] as string,
      value: (number * 7) % 13,
      time: start + number * 100 - (number % 7 === 0 ? 150 : 0),
    }
  })

/** Its steps never change, as those of `watchHall`, since the stores kept here were written by them. */
export const watchMachine: Behavior<Measurement, Mean> = (inbox, actor) => {
  const factor = actor.value<number>('factor')
  return inbox.pipe(
    actor.durable('time', watermarks<Measurement, unknown>(boundedOutOfOrderness(200))),
    actor.durable('order', ordered<Measurement>()),
    actor.durable(
      'means',
      perKey(
        ({ metric }: Measurement) => metric,
        mapResults(window(tumbling(1_000), summary()), (result, { key, subkey }) => ({
          ...result,
          machine: key,
          metric: subkey,
        })),
      ),
    ),
    map(({ machine, metric, status, value, time }) => ({
      machine,
      metric,
      mean: value.mean * factor.current,
      isFinal: status === 'final',
      time,
    })),
  )
}

export const watchHall: Behavior<Mean, string> = (inbox, actor) =>
  inbox.pipe(
    actor.durable('time', watermarks<Mean, unknown>(boundedOutOfOrderness(0))),
    actor.durable(
      'hall',
      perKey(
        ({ metric }: Mean) => metric,
        window(
          tumbling(3_000),
          summary(({ mean }: Mean) => mean),
        ),
      ),
    ),
    map(({ status, value, window: { start: began } }) =>
      JSON.stringify({ status, began: began - start, value }),
    ),
  )
