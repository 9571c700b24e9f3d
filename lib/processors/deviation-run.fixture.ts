import type { Baseline } from '../statistics/baseline.ts'
import { randomFrom } from '../statistics/random.ts'
import { type Moments, welford } from '../statistics/welford.ts'
import type { Output } from '../time/output.ts'
import type { Timed } from '../time/timed.ts'
import { type Deviation, deviation } from './deviation.ts'
import type { DeviationOptions } from './deviation-options.ts'

export interface Sample extends Timed {
  readonly value: number
}

/**
 * Takes samples in the order given, the watermark `bound` and 1 ms behind the latest, and then to the end.
 */
export function run<B = Moments>(
  samples: readonly Sample[],
  options: DeviationOptions<Sample> = {},
  bound = 0,
  baseline: Baseline<B> = welford() as Baseline<unknown> as Baseline<B>,
) {
  const found: Deviation[] = []
  const late: unknown[] = []
  const out: Output<Deviation> = {
    emit: (value) => void found.push(value),
    to: (_tag, value) => void late.push(value),
  }
  const turn = { key: 'k', subkey: '', watermark: Number.NEGATIVE_INFINITY, arrival: 0 }
  const processor = deviation(baseline, options)
  const state = processor.create()
  const nextDue = (): number => processor.due?.(state) ?? Number.POSITIVE_INFINITY
  const passTo = (watermark: number): void => {
    for (let due = nextDue(); due <= watermark; due = nextDue()) processor.onTime?.(state, due, out, turn)
    turn.watermark = watermark
  }
  for (const sample of samples) {
    processor.onEvent(state, sample, out, turn)
    passTo(Math.max(turn.watermark, sample.time - bound - 1))
  }
  const end = Math.max(...samples.map(({ time }) => time))
  passTo(end)
  processor.onTime?.(state, end, out, turn)
  return { found, late, state, confirmed: found.filter(({ status }) => status === 'confirmed') }
}

export const samplesOf = (values: readonly number[]): Sample[] =>
  values.map((value, index) => ({ time: (index + 1) * 1_000, value }))

export const noise = (count: number, seed = 1): number[] => {
  const random = randomFrom(seed)
  return Array.from({ length: count }, () => 20 + random.normal())
}

export const brief = ({ phase, status, time, since }: Deviation): string =>
  `${phase} ${status} ${time} ${since}`
