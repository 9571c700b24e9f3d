import { deviceClock, metricDetectors } from '../devices/behaviors/watch-device.ts'
import { anomalyOf, type Finding } from '../devices/detectors/finding.ts'
import type { Anomaly } from '../devices/wire/anomaly.ts'
import type { Reading } from '../devices/wire/reading.ts'
import type { Output } from '../lib/time/output.ts'
import type { ClockTurn, Turn } from '../lib/time/turn.ts'

type Writable<T> = { -readonly [Field in keyof T]: T[Field] }

/**
 * The steps of the default behavior with nothing around them: no MQTT, no actor, no store. `metrics` is the
 * state of the detectors.
 */
export function watchedDevice(device: string, report: (anomaly: Anomaly) => void) {
  const clock = deviceClock.create()
  const metrics = metricDetectors.create()
  let watermark = Number.NEGATIVE_INFINITY
  let next = Number.NEGATIVE_INFINITY
  const to = (): void => {}
  const turn: Writable<Turn> = {
    key: device,
    subkey: '',
    watermark: Number.NEGATIVE_INFINITY,
    arrival: 0,
  }
  const clockTurn: Writable<ClockTurn> = {
    ...turn,
    advance(to) {
      next = to
    },
  }
  const findings: Output<Finding> = { emit: (finding) => report(anomalyOf(device, finding)), to }
  const readings: Output<Reading> = {
    emit: (reading) => metricDetectors.onEvent(metrics, reading, findings, turn),
    to,
  }
  const take = (reading: Reading, arrival: number): void => {
    clockTurn.arrival = turn.arrival = arrival
    deviceClock.onEvent(clock, reading, readings, clockTurn)
    if (next <= watermark) return
    for (let due = metricDetectors.due!(metrics); due <= next; due = metricDetectors.due!(metrics)) {
      turn.watermark = Math.max(turn.watermark, due)
      metricDetectors.onTime!(metrics, turn.watermark, findings, turn)
    }
    watermark = turn.watermark = next
  }
  return Object.assign(take, { metrics })
}
