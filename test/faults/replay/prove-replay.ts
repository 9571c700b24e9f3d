import { isDeepStrictEqual } from 'node:util'
import { metricDetectors } from '../../../devices/behaviors/watch-device.ts'
import type { Reading } from '../../../devices/wire/reading.ts'
import { decode, encode } from '../../../lib/state/rows/codec.ts'
import type { Duration } from '../../../lib/time/duration.ts'
import { versionOf } from '../../../lib/time/state-version.ts'
import type { Evidence } from '../crash/evidence.ts'
import { disturbed } from './disturbance.ts'
import { disturbedReplay } from './disturbed-replay.ts'
import { offline } from './offline.ts'
import { baselineStep } from './replay-behavior.ts'

export interface ReplayProofOptions {
  /** Of one device, in the order in which they were recorded. */
  readonly readings: readonly Reading[]
  /** How far out of order readings may come. */
  readonly bound: Duration
  readonly seed: number
  readonly say?: (line: string) => void
}

/**
 * Publishes a recording as it is, and again out of order, with repeats, cut connections and a SIGKILL in the
 * middle; and computes it in a plain loop. Anomalies and baselines must be the same in all three.
 */
export const proveReplay = async ({ readings, bound, seed, say = () => {} }: ReplayProofOptions) => {
  say(`${readings.length} readings, straight`)
  const straight = await disturbedReplay(readings, { bound, seed, killAt: [], cutAt: [] })
  const { sent, repeats, outOfOrder } = disturbed(readings, bound, seed)
  say(`${sent.length} publishes, ${outOfOrder} out of order, with 6 cuts and a kill`)
  const run = await disturbedReplay(sent, {
    bound,
    seed,
    killAt: [0.5],
    cutAt: [0.1, 0.2, 0.35, 0.65, 0.8, 0.9],
  })
  say('offline')
  const device = readings[0]!.device
  const computed = offline(device, readings, bound)

  const expected = contentsOf(straight.evidence)
  const found = contentsOf(run.evidence)
  const asComputed = computed.anomalies.map((anomaly) => JSON.stringify(anomaly)).sort()
  const equalAnomalies = isDeepStrictEqual(found, expected)
  const baselines = baselinesOf(straight.evidence)
  const equalBaselines = baselines.length > 0 && isDeepStrictEqual(baselinesOf(run.evidence), baselines)
  const equalOffline =
    isDeepStrictEqual(anomaliesOf(straight.evidence), asComputed) &&
    isDeepStrictEqual(baselines, computedBaselines(device, computed.state, readings, bound))
  for (const difference of differences(found, expected).slice(0, 5)) say(difference)
  const result = {
    readings: readings.length,
    out_of_order: outOfOrder,
    duplicates: repeats + run.redelivered,
    repeated: repeats,
    redelivered: run.redelivered,
    kills: run.kills,
    anomalies: anomaliesOf(run.evidence).length,
    equal_anomalies: equalAnomalies,
    equal_baselines: equalBaselines,
    equal_offline: equalOffline,
  }
  const isDisturbed = outOfOrder > 0 && repeats > 0 && run.redelivered > 0 && run.kills === 1
  return {
    ...result,
    holds:
      isDisturbed &&
      expected.length > 0 &&
      run.misordered === 0 &&
      equalAnomalies &&
      equalBaselines &&
      equalOffline,
  }
}

/** Everything in the stream, late and dead ones too, but for the order of messages. */
const contentsOf = ({ messages }: Evidence): string[] => messages.map(({ content }) => content).sort()

const anomaliesOf = ({ messages }: Evidence): string[] =>
  messages
    .filter(({ subject }) => subject.startsWith('anomaly.'))
    .map(({ content }) => JSON.stringify((JSON.parse(content) as [string, string, unknown])[2]))
    .sort()

const baselinesOf = ({ states }: Evidence): [string, string][] =>
  [...states].filter(([name]) => name.split(' ')[2] === baselineStep).sort()

/** As they would have been saved, watermark included. */
const computedBaselines = (
  device: string,
  state: ReadonlyMap<string, unknown>,
  readings: readonly Reading[],
  bound: Duration,
): [string, string][] => {
  const watermark = Math.max(...readings.map(({ time }) => time)) - bound - 1
  return [...state]
    .map(([metric, each]): [string, string] => [
      `devices ${device} ${baselineStep} ${metric}`,
      JSON.stringify([versionOf(metricDetectors), watermark, decode(encode(each))]),
    ])
    .sort()
}

const differences = (found: readonly string[], expected: readonly string[]): string[] => [
  ...found.filter((content) => !expected.includes(content)).map((content) => `unexpected: ${content}`),
  ...expected.filter((content) => !found.includes(content)).map((content) => `missing: ${content}`),
]
