import { deviceClock, metricDetectors } from '../devices/behaviors/watch-device.ts'
import { anomalyOf, type Finding } from '../devices/detectors/finding.ts'
import type { Anomaly } from '../devices/wire/anomaly.ts'
import type { Reading } from '../devices/wire/reading.ts'
import type { Turn } from '../lib/time/processor.ts'

/**
 * The steps of the default behavior with nothing around them: no MQTT, no actor, no store. `metrics` is the
 * state of the detectors.
 */
export function watchedDevice(device: string, report: (anomaly: Anomaly) => void) {
  const clock = deviceClock.create()
  const metrics = metricDetectors.create()
  let watermark = Number.NEGATIVE_INFINITY
  let next = Number.NEGATIVE_INFINITY
  const ignore = (): void => {}
  const turn: Turn<Finding> & { watermark: number; arrival: number } = {
    watermark: Number.NEGATIVE_INFINITY,
    arrival: 0,
    emit: (finding) => report(anomalyOf(device, finding)),
    late: ignore,
    quarantine: ignore,
    advance: ignore,
  }
  const clockTurn: Turn<Reading> & { arrival: number } = {
    watermark: Number.NEGATIVE_INFINITY,
    arrival: 0,
    emit: (reading) => metricDetectors.onEvent(metrics, reading, turn),
    late: ignore,
    quarantine: ignore,
    advance(to) {
      next = to
    },
  }
  const take = (reading: Reading, arrival: number): void => {
    clockTurn.arrival = turn.arrival = arrival
    deviceClock.onEvent(clock, reading, clockTurn)
    if (next <= watermark) return
    for (let due = metricDetectors.due!(metrics); due <= next; due = metricDetectors.due!(metrics)) {
      turn.watermark = Math.max(turn.watermark, due)
      metricDetectors.onTime!(metrics, turn.watermark, turn)
    }
    watermark = turn.watermark = next
  }
  return Object.assign(take, { metrics })
}
