import { metricDetectors } from '../../../devices/behaviors/watch-device.ts'
import { anomalyOf, type Finding } from '../../../devices/detectors/finding.ts'
import type { Anomaly } from '../../../devices/wire/anomaly.ts'
import type { Reading } from '../../../devices/wire/reading.ts'
import type { Duration } from '../../../lib/time/duration.ts'
import type { Output } from '../../../lib/time/output.ts'
import type { Turn } from '../../../lib/time/turn.ts'
import { compare } from './ordered-once.ts'

/**
 * What the detectors make of the readings of one device in a plain loop over the sorted list: no actors, no
 * store, no stream, no clock. Ends where a watermark `bound` behind the last reading ends.
 */
export const offline = (device: string, readings: readonly Reading[], bound: Duration) => {
  const anomalies: Anomaly[] = []
  const state = metricDetectors.create()
  const turn: Turn & { watermark: number } = {
    key: device,
    subkey: '',
    watermark: Number.NEGATIVE_INFINITY,
    arrival: 0,
  }
  const out: Output<Finding> = {
    emit: (finding) => void anomalies.push(anomalyOf(device, finding)),
    to({ name }) {
      throw new Error(`a reading of a sorted list went to the output "${name}"`)
    },
  }
  const due = (): number => metricDetectors.due!(state)
  const fire = (time: number): void => {
    metricDetectors.onTime!(state, time, out, turn)
    turn.watermark = time
  }
  const sorted = [...readings].sort(compare)
  const end = sorted.at(-1)!.time - bound - 1
  for (const [index, reading] of sorted.entries()) {
    const { time } = reading
    if (time > end) break
    while (due() < time) fire(due())
    metricDetectors.onEvent(state, reading, out, turn)
    if (sorted[index + 1]?.time === time) continue
    if (due() <= time) fire(time)
    turn.watermark = time
  }
  while (due() <= end) fire(due())
  return { anomalies, state }
}
