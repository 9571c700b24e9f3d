import { randomFrom } from '../lib/statistics/random.ts'
import { seconds } from '../lib/time/duration.ts'
import { type BadClock, shown } from './bad-clock.ts'
import { type Fault, faulty } from './fault.ts'
import { type Load, load } from './load.ts'
import { machine } from './machine.ts'
import { metrics } from './metric.ts'
import { disorder } from './outage.ts'
import type { Plant } from './plant.ts'
import type { Publish } from './publish.ts'

const scales = metrics.map(({ digits }) => 10 ** digits)

/**
 * Everything the machines of a plant send, in the order of sending: one publish a machine and second, each at
 * the machine's phase, except that what was read in an outage is sent, out of order, when it ends. The same
 * plant gives the same publishes, bit for bit.
 */
export function* simulatePlant(plant: Plant): Generator<Publish> {
  const { options, devices, phases, faults, outages, badClocks } = plant
  const { seed, start, duration, machinesPerLine } = options
  const lines: Load[] = []
  for (let line = 0; line * machinesPerLine < devices.length; line++) {
    lines.push(load(randomFrom(seed, 5, line), 600))
  }
  const machines = devices.map((device, number) =>
    machine(seed, number, device, lines[Math.floor(number / machinesPerLine)]!),
  )
  const inPhase = [...machines.keys()].sort((one, other) => phases[one]! - phases[other]! || one - other)
  const numbers = new Map(devices.map((device, number) => [device, number]))
  const random = randomFrom(seed, 6)
  const fault = new Array<Fault | undefined>(devices.length * metrics.length)
  const clock = new Array<BadClock | undefined>(devices.length)
  const held = new Array<Publish[] | undefined>(lines.length)
  const backAt = new Float64Array(lines.length)
  const last = devices.map(() => new Float64Array(metrics.length))
  const readings = new Float64Array(metrics.length)
  let [nextFault, nextClock, nextOutage] = [0, 0, 0]

  for (let now = start; now < start + duration; now += seconds(1)) {
    for (; faults[nextFault] && faults[nextFault]!.start <= now; nextFault++) {
      const { device, metric } = faults[nextFault]!
      const place = metrics.findIndex(({ name }) => name === metric)
      fault[numbers.get(device)! * metrics.length + place] = faults[nextFault]
    }
    for (; badClocks[nextClock] && badClocks[nextClock]!.start <= now; nextClock++) {
      clock[numbers.get(badClocks[nextClock]!.device)!] = badClocks[nextClock]
    }
    for (; outages[nextOutage] && outages[nextOutage]!.start <= now; nextOutage++) {
      const { line, end } = outages[nextOutage]!
      held[line] = []
      backAt[line] = end
    }
    for (let line = 0; line < lines.length; line++) {
      lines[line]!.step()
      const kept = held[line]
      if (!kept || backAt[line]! > now) continue
      yield* outOfOrder(kept, now, random.uniform)
      held[line] = undefined
    }
    for (const number of inPhase) {
      const { device, deviations, step } = machines[number]!
      step(now, readings)
      if (clock[number] && clock[number]!.end <= now) clock[number] = undefined
      const before = last[number]!
      const values = new Array<number>(metrics.length)
      for (let i = 0; i < metrics.length; i++) {
        const metric = metrics[i]!
        const place = number * metrics.length + i
        const wrong = fault[place]
        if (wrong && wrong.end <= now) fault[place] = undefined
        else if (wrong) {
          readings[i] = faulty(wrong, now, readings[i]!, before[i]!, metric, deviations[i]!, random)
        }
        const value = Math.round(readings[i]! * scales[i]!) / scales[i]!
        values[i] = value
        before[i] = value
      }
      const at = now + phases[number]!
      const time = clock[number] ? shown(clock[number]!, at) : at
      const publish: Publish = { at, machine: number, device, time, values }
      const kept = held[Math.floor(number / machinesPerLine)]
      if (kept) kept.push(publish)
      else yield publish
    }
  }
}

/** The publishes of an outage as they arrive when it is over: all at once, and overtaking each other. */
function outOfOrder(kept: readonly Publish[], at: number, uniform: () => number): Publish[] {
  return kept
    .map((publish) => ({ publish: { ...publish, at }, place: publish.at + uniform() * disorder }))
    .sort((one, other) => one.place - other.place)
    .map(({ publish }) => publish)
}
