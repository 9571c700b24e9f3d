import { Subject } from 'rxjs'
import { leftOutKind } from '../../dashboards/left-out-feed.ts'
import { watchDevice } from '../../devices/behaviors/watch-device.ts'
import { json } from '../../devices/formats/json.ts'
import { devicesStage } from '../../devices/watch-devices.ts'
import type { Anomaly } from '../../devices/wire/anomaly.ts'
import type { Reading } from '../../devices/wire/reading.ts'
import { actors } from '../../lib/actors/actors.ts'
import { Delivery, type Duty } from '../../lib/actors/delivery.ts'
import type { Sent, SentAside } from '../../lib/actors/sinks/sink.ts'
import { toSink } from '../../lib/actors/sinks/to-sink.ts'
import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import { systemClock } from '../../lib/time/wall-clock.ts'
import type { RecordedPublish } from '../../simulators/recordings/recorded-publish.ts'
import type { RecordingTarget } from '../../simulators/recordings/recording-target.ts'
import type { Findings } from './findings.ts'

/** Publishes that may wait to be flushed. */
const window = 10_000

/**
 * Actors and a store with no broker in front of them and no NATS behind. They read a publish as a broker
 * would, and the silence of the wall clock means nothing to them: what they are given is history.
 */
export class EngineTarget implements RecordingTarget {
  acknowledged = 0
  readonly reconnects = 0
  private readonly format = json()
  private readonly deliveries = new Subject<Delivery<Reading>>()
  private readonly ended: Promise<void>
  private readonly closeStore: () => Promise<void>
  /** The same for all: whoever is next is acknowledged next. */
  private readonly duty: Duty = {
    ack: () => {
      this.acknowledged++
      for (const wake of this.waiting.splice(0)) wake()
    },
  }
  private sent = 0
  private waiting: (() => void)[] = []

  /** @param folder Of the store. */
  constructor(folder: string, findings: Findings) {
    const store = lmdbStore(folder)
    this.closeStore = () => store.close()
    const forever = { idleAfter: Number.POSITIVE_INFINITY, closeAfter: Number.POSITIVE_INFINITY }
    const deliver = async (outputs: readonly Sent<Anomaly>[]): Promise<void> => {
      for (const output of outputs) {
        if (output.kind === 'result') findings.add(output.value)
        else addSideOutput(output, findings)
      }
    }
    this.ended = new Promise((complete, error) => {
      this.deliveries
        .pipe(
          actors({
            ...forever,
            key: ({ device }) => device,
            behavior: watchDevice,
            store,
            name: devicesStage,
          }),
          toSink<Anomaly>({ name: 'replay', deliver }, { store }),
        )
        .subscribe({ complete, error })
    })
    // Whoever waits for an acknowledgement is told; until then it must not end the process by itself.
    this.ended.catch(() => {})
  }

  send({ topic, payload }: RecordedPublish): Promise<void> | undefined {
    const { readings, faults } = this.format.on(topic).read(Buffer.from(payload), systemClock.now())
    const value = { topic, payload: Buffer.from(payload).toString('base64') }
    const asides =
      faults.length === 0
        ? []
        : [{ tag: 'dead', value, reason: faults.map(({ message }) => message).join('; ') }]
    this.sent++
    this.deliveries.next(new Delivery(readings, this.duty, { asides }))
    return this.sent - this.acknowledged < window ? undefined : this.acknowledgement()
  }

  async settled(): Promise<void> {
    while (this.acknowledged < this.sent) await this.acknowledgement()
  }

  /** Resolves when everything is saved and every finding was handed on. */
  async close(): Promise<void> {
    this.deliveries.complete()
    try {
      await this.ended
    } finally {
      await this.closeStore()
    }
  }

  private acknowledgement(): Promise<void> {
    return Promise.race([new Promise<void>((resolve) => this.waiting.push(resolve)), this.ended])
  }
}

function addSideOutput({ tag, key: device, value, reason }: SentAside, findings: Findings): void {
  const kind = leftOutKind(tag)
  if (kind) findings.addLeftOut({ kind, device, reason, value })
}
