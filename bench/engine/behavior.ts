import { map } from 'rxjs'
import type { Behavior } from '../../lib/actors/behavior.ts'
import { type Deviation, deviation } from '../../lib/processors/deviation.ts'
import { inParallel } from '../../lib/processors/in-parallel.ts'
import { tumbling } from '../../lib/processors/tumbling.ts'
import { watermarks } from '../../lib/processors/watermarks.ts'
import { type WindowResult, window } from '../../lib/processors/window.ts'
import { mean } from '../../lib/statistics/mean.ts'
import { welford } from '../../lib/statistics/welford.ts'
import type { Processor } from '../../lib/time/processor.ts'
import type { Timed } from '../../lib/time/timed.ts'
import { boundedOutOfOrderness } from '../../lib/time/watermark-policy.ts'
import { boundMs, type Sample, windowMs } from './samples.ts'

/** A minute's mean, or a change of an episode: the benchmark hashes the first and counts the second. */
export type Result =
  | { readonly minute: { readonly start: number; readonly mean: number } }
  | { readonly episode: string }

type Watched = Deviation | WindowResult<number>

/**
 * The clock step, and deviation beside a one-minute window with `paddingNumbers` more numbers in the state.
 */
export function benchSteps(paddingNumbers: number) {
  const watch = inParallel(
    deviation<unknown, Sample>(welford(), { sigmas: 2, persistence: 6, extreme: 8 }),
    window(tumbling(windowMs), mean()),
  )
  const histogram = padded(watch, paddingNumbers)
  return {
    time: watermarks<Sample, unknown>(boundedOutOfOrderness(boundMs)),
    watch: (paddingNumbers > 0 ? histogram : watch) as Processor<Sample, Watched>,
  }
}

export function benchBehavior(paddingNumbers: number): Behavior<Sample, Result> {
  const { time, watch } = benchSteps(paddingNumbers)
  return (samples, actor) =>
    samples.pipe(
      actor.durable('time', time),
      actor.durable('watch', watch),
      map((result) =>
        'window' in result
          ? { minute: { start: result.window.start, mean: result.value } }
          : { episode: result.phase },
      ),
    )
}

/** The same processor with a state as large as that of a detector with histograms. */
function padded<In extends Timed, Out, State>(
  { create, onEvent, due, onTime }: Processor<In, Out, State>,
  numbers: number,
): Processor<In, Out, { inner: State; histogram: number[] }> {
  return {
    create: () => ({
      inner: create(),
      histogram: Array.from({ length: numbers }, (_, index) => index + 0.5),
    }),
    onEvent: ({ inner, histogram }, event, out, turn) => {
      histogram[event.time % numbers]! += 1
      onEvent(inner, event, out, turn)
    },
    due: ({ inner }) => due?.(inner) ?? Number.POSITIVE_INFINITY,
    onTime: ({ inner }, time, out, turn) => onTime?.(inner, time, out, turn),
  }
}
