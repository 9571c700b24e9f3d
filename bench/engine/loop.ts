import { boundMs, closingSampleOf, ResultHash, type Sample, sampleAt, windowMs } from './samples.ts'

/** What the loop keeps of one sensor. */
export interface Sensor {
  latest: number
  count: number
  mean: number
  m2: number
  deviations: number
  /** Open minutes: start, sum, count. */
  minutes: { start: number; sum: number; count: number }[]
}

/**
 * The same sums in the plainest loop over a Map, keeping nothing on disk: the bound that no engine reaches.
 * Returns samples a second and the hash of all minute means; closing the last of them does not count.
 */
export function runLoop(names: readonly string[], samples: number): { perSecond: number; hash: string } {
  const hash = new ResultHash()
  const sensors = new Map<string, Sensor>()
  const begun = process.hrtime.bigint()
  for (let index = 0; index < samples; index++) take(sensors, sampleAt(names, index), hash)
  const seconds = Number(process.hrtime.bigint() - begun) / 1e9
  for (let which = 0; which < names.length; which++) {
    take(sensors, closingSampleOf(names, which, samples), hash)
  }
  return { perSecond: samples / seconds, hash: hash.words }
}

/** One sample into its sensor, which is made when it is new. */
export function take(
  sensors: Map<string, Sensor>,
  { sensor: name, value, time }: Sample,
  hash: ResultHash,
): void {
  let sensor = sensors.get(name)
  if (!sensor) {
    sensor = { latest: 0, count: 0, mean: 0, m2: 0, deviations: 0, minutes: [] }
    sensors.set(name, sensor)
  }
  addToMinute(sensor, value, time)
  addToBaseline(sensor, value)
  if (time > sensor.latest) {
    sensor.latest = time
    closeMinutes(name, sensor, hash)
  }
}

function addToMinute({ minutes }: Sensor, value: number, time: number): void {
  const start = time - (time % windowMs)
  let minute = minutes.find((open) => open.start === start)
  if (!minute) {
    minute = { start, sum: 0, count: 0 }
    minutes.push(minute)
  }
  minute.sum += value
  minute.count++
}

function addToBaseline(sensor: Sensor, value: number): void {
  const distance = value - sensor.mean
  if (sensor.count > 10 && distance * distance > (4 * sensor.m2) / sensor.count) sensor.deviations++
  sensor.count++
  sensor.mean += distance / sensor.count
  sensor.m2 += distance * (value - sensor.mean)
}

function closeMinutes(name: string, { minutes, latest }: Sensor, hash: ResultHash): void {
  const watermark = latest - boundMs - 1
  while (minutes[0] && minutes[0].start + windowMs - 1 <= watermark) {
    const { start, sum, count } = minutes.shift()!
    hash.add(name, start, sum / count)
  }
}
