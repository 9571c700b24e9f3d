import type { Anomaly } from '../../devices/wire/anomaly.ts'

/** Where the ordinary ends, in standard deviations: the `sigmas` of the default behavior. */
const normalSigmas = 2

/** Between which values a metric usually is: `2.81 to 3.47`. */
export const usualRange = ({
  mean,
  standardDeviation,
}: Pick<Anomaly['baseline'], 'mean' | 'standardDeviation'>): string => {
  const digits = digitsFor(standardDeviation)
  const spread = normalSigmas * standardDeviation
  return `${(mean - spread).toFixed(digits)} to ${(mean + spread).toFixed(digits)}`
}

/** Two significant digits of the standard deviation are all that a reading tells. */
export const digitsFor = (standardDeviation: number): number =>
  standardDeviation > 0 ? Math.min(6, Math.max(0, 1 - Math.floor(Math.log10(standardDeviation)))) : 2
