import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { merge, Subject } from 'rxjs'
import { openBroker } from '../../../devices/broker/open-broker.ts'
import type { Reading } from '../../../devices/wire/reading.ts'
import { actors } from '../../../lib/actors/actors.ts'
import type { Delivery } from '../../../lib/actors/delivery.ts'
import type { Sent } from '../../../lib/actors/sinks/sink.ts'
import { toSink } from '../../../lib/actors/sinks/to-sink.ts'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { type Duration, minutes, seconds } from '../../../lib/time/duration.ts'
import { BusyWith } from './busy-with.ts'
import { MinuteLedger } from './minute-ledger.ts'
import { playScene } from './play-scene.ts'
import { scene } from './scene.ts'
import { SetAside } from './set-aside.ts'
import { SkippingClock } from './skipping-clock.ts'
import { type Minute, watchMinutes } from './watch-minutes.ts'

export interface ClocksOptions {
  /** 1 unless given. */
  readonly seed?: number
  /** Ten minutes unless given. */
  readonly outage?: Duration
  /** Machines that the outage cuts off, 200 unless given; in tens. */
  readonly cutOff?: number
  /** How long waits are measured in real time, twice; 30 seconds unless given. */
  readonly measured?: Duration
  readonly say?: (line: string) => void
}

/** What nobody may have to wait longer for a device with a bad clock. */
const longestWait = 100

/**
 * A plant with an outage and bad clocks, over MQTT, through durable actors, and every minute of it compared
 * with the same minute computed without a stream. docs/faults.md explains the figures.
 */
export const proveClocks = async (options: ClocksOptions = {}) => {
  const { seed = 1, outage = minutes(10), cutOff = 200, measured = seconds(30), say = () => {} } = options
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-clocks-'))
  const clock = new SkippingClock()
  const start = Math.ceil(clock.now() / 1_000) * 1_000
  const whole = scene({ start, seed, outage, cutOff, measured })
  const store = lmdbStore(folder)
  const broker = await openBroker({ port: 0, clock })
  const ledger = new MinuteLedger()
  const aside = new SetAside()
  const bad = new BusyWith<Reading>(({ device }) => whole.isBad(device))
  const direct = new Subject<Delivery<Reading>>()
  let provisional = 0

  const take = async (outputs: readonly Sent<Minute>[]): Promise<void> => {
    for (const output of outputs) {
      if (output.kind !== 'result') aside.add(output)
      else if ((output.value as Minute).status === 'provisional') provisional++
      else ledger.compare(output.key, output.value as Minute)
    }
  }
  const finished = new Promise<void>((complete, error) => {
    merge(broker.readings, direct)
      .pipe(
        bad.measure,
        actors({ key: ({ device }) => device, behavior: watchMinutes, store, clock }),
        toSink({ name: 'minutes', deliver: take }, { store, clock }),
      )
      .subscribe({ complete, error })
  })
  finished.catch(() => {})

  const around = { clock, url: `mqtt://127.0.0.1:${broker.address.port}`, direct, ledger, aside, bad, say }
  const played = await Promise.race([playScene(whole, around), finished.then(() => undefined)])
  if (!played) throw new Error('the actors completed before the plant did')
  direct.complete()
  await broker.close()
  await finished
  await store.close()
  rmSync(folder, { recursive: true })

  const compared = ledger.verdict()
  const { readings, waits } = played
  const added = waits.bad.longestAsARule - waits.calm.longestAsARule
  const result = {
    seed,
    devices: whole.plant.devices.length + whole.direct.length,
    readings,
    outage_minutes: outage / minutes(1),
    cut_off: cutOff,
    ...compared,
    provisional_minutes: provisional,
    quarantined: aside.counts.quarantined,
    late_of_the_one_stepping_back: aside.counts.late,
    late_of_others: aside.lateOfOthers,
    late_afterwards: aside.lateAfterwards,
    not_set_aside: aside.missing,
    longest_wait_for_bad_clocks_ms: round(waits.bad.longestForBad),
    puback_ms: { as_a_rule: waits.bad.longestAsARule, longest: waits.bad.longest },
    puback_without_bad_clocks_ms: { as_a_rule: waits.calm.longestAsARule, longest: waits.calm.longest },
  }
  const isRight =
    compared.backlog_in_event_time_percent === 100 &&
    compared.wrong_minutes + result.late_of_others + result.late_afterwards + result.not_set_aside === 0 &&
    provisional > 0
  const isPrompt = waits.bad.longestForBad <= longestWait && added <= longestWait
  return { isRight, proof: { ...result, holds: isRight && isPrompt } }
}

const round = (value: number): number => Number(value.toFixed(1))
