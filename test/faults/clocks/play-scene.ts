import type { Subject } from 'rxjs'
import type { Reading } from '../../../devices/wire/reading.ts'
import { Delivery } from '../../../lib/actors/delivery.ts'
import { seconds } from '../../../lib/time/duration.ts'
import { Gateway } from '../../../simulators/gateway.ts'
import { metrics } from '../../../simulators/metric.ts'
import { type Publish, payloadOf, topicOf } from '../../../simulators/publish.ts'
import { simulatePlant } from '../../../simulators/simulate-plant.ts'
import type { BusyWith } from './busy-with.ts'
import { LineClient } from './line-client.ts'
import type { MinuteLedger } from './minute-ledger.ts'
import { type Scene, stoodStill } from './scene.ts'
import type { SetAside } from './set-aside.ts'
import type { SkippingClock } from './skipping-clock.ts'
import { Waits } from './waits.ts'

export interface Surroundings {
  readonly clock: SkippingClock
  /** Of the broker. */
  readonly url: string
  /** Deliveries that come from no broker. */
  readonly direct: Subject<Delivery<Reading>>
  readonly ledger: MinuteLedger
  readonly aside: SetAside
  readonly bad: BusyWith<Reading>
  readonly say: (line: string) => void
}

/** Plays the scene to a broker: fast where only order matters, in real time where waits are measured. */
export async function playScene(whole: Scene, { clock, url, direct, ledger, aside, bad, say }: Surroundings) {
  const { plant, moments, lineOf } = whole
  const open = async (line: number): Promise<LineClient> =>
    new LineClient(await Gateway.open(url, `line-${line}`, line, 100))
  const clients = await Promise.all(Array.from({ length: whole.lines }, (_, line) => open(line)))
  const cutLines = plant.outages.map(({ line }) => line)
  const waits = { calm: new Waits(), bad: new Waits() }
  const emptied = (): Promise<unknown> => Promise.all(clients.map((client) => client.emptied()))
  let readings = 0
  let now = Number.NEGATIVE_INFINITY
  for (const device of whole.stopped) ledger.mayLag(device)

  /** What a machine publishes at `at`, as it stamps it, and whom it is to be missed or found by. */
  const account = (publish: Publish): Publish => {
    const { machine, device, at, values } = publish
    const kind = whole.kindOf(machine)
    const isBad = kind !== undefined && at >= moments.badFrom && at < moments.badUntil
    const time = kind === 'stopped' && isBad ? at - stoodStill : publish.time
    for (let index = 0; index < metrics.length; index++) {
      const reading = { device, metric: metrics[index]!.name, value: values[index]!, time }
      if (!isBad || kind === 'stopped') ledger.add(reading, !isBad && time < at)
      else if (kind === 'nanoseconds') ledger.add({ ...reading, time: at }, false)
      else aside.expect(kind === 'stepping' ? 'late' : 'quarantined', reading)
    }
    readings += metrics.length
    return { ...publish, time }
  }

  const measured = (at: number): Waits | undefined =>
    at >= moments.calmFrom && at < moments.badFrom
      ? waits.calm
      : at >= moments.badFrom && at < moments.goodFrom
        ? waits.bad
        : undefined

  const sendDirectly = (at: number): void => {
    const isBad = at >= moments.badFrom && at < moments.badUntil
    for (const device of whole.direct) {
      const reading = { device, metric: 'temperature', value: 20, time: isBad ? at * 1_000_000 : at }
      if (isBad) aside.expect('quarantined', reading)
      else ledger.add(reading, false)
      direct.next(new Delivery([reading]))
      readings++
    }
  }

  const enter = async (at: number): Promise<void> => {
    if (at === moments.outageStart) {
      say(`the network of ${cutLines.length} lines fails`)
      await Promise.all(cutLines.map((line) => clients[line]!.close()))
    } else if (at === moments.outageEnd) {
      for (const line of cutLines) clients[line] = await open(line)
      say('it is back')
    } else if (at === moments.calmFrom) {
      await emptied()
      say('all history is acknowledged; waits are measured, in real time')
    } else if (at === moments.badFrom) say('clocks go bad')
    else if (at === moments.badUntil) say('clocks are set right')
    else if (at === moments.goodFrom) await emptied()
    if (measured(at))
      await new Promise<void>((resolve) => clock.after(Math.max(0, at - clock.now()), resolve))
    else clock.skipTo(at)
  }

  for (const publish of simulatePlant(plant)) {
    const { at, machine } = publish
    if (at > now) {
      for (let second = Math.max(now + seconds(1), plant.options.start); second <= at; second += seconds(1)) {
        now = second
        await enter(second)
      }
      if (at >= moments.calmFrom) sendDirectly(at)
    }
    if (whole.beginsWithBadClock(machine) && at < moments.badFrom) continue
    const stamped = account(publish)
    const noted = whole.kindOf(machine) === undefined ? measured(at) : undefined
    const busyBefore = bad.milliseconds
    const acknowledged = (): void => {
      noted!.add(at, clock.now() - at, bad.milliseconds - busyBefore)
    }
    await clients[lineOf(machine)]!.send(topicOf(stamped), payloadOf(stamped), noted && acknowledged)
  }
  await Promise.all(clients.map((client) => client.close()))
  return { readings, waits }
}
