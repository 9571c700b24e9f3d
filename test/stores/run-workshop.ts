import { BehaviorSubject, Subject, tap } from 'rxjs'
import { actors } from '../../lib/actors/actors.ts'
import { Delivery } from '../../lib/actors/delivery.ts'
import type { Outcome } from '../../lib/actors/outcome.ts'
import type { Store } from '../../lib/state/store.ts'
import { virtualClock } from '../../lib/testing/virtual-clock.ts'
import { type Duration, minutes, seconds } from '../../lib/time/duration.ts'
import { type Mean, type Measurement, start, watchHall, watchMachine } from './workshop.ts'

export interface WorkshopOptions {
  /** Number of the first measurement that is sent: wall time stands a minute behind it. */
  readonly at: number
  /** The value that machines read. */
  readonly factor: number
  /** Else nothing is saved but what has to leave memory. */
  readonly isSaving?: boolean
  readonly resident?: number
}

/** Both stages of the workshop on `store`, in a process whose wall time a test moves. */
export const runWorkshop = (
  store: Store,
  { at, factor, isSaving = true, resident = 100 }: WorkshopOptions,
) => {
  const clock = virtualClock(start + minutes(1) + at * 100)
  const source = new Subject<Delivery<Measurement>>()
  const factors = new BehaviorSubject(factor)
  const times = { idleAfter: seconds(30), closeAfter: minutes(10) }
  const pace = { commitSpacing: 0, checkpointAfter: isSaving ? 0 : 1e9 }
  const common = { store, clock, resident, pace, ...times }
  const outputs: string[] = []
  const record = <T>(sink: string, outcome: Outcome<T>): void => {
    for (const [index, value] of outcome.values.entries()) {
      const text = `${outcome.key} ${JSON.stringify(value)}`
      outputs.push(`${sink} ${text}`)
      outcome.record(sink, index, Buffer.from(text))
    }
  }
  const finished = new Promise<void>((resolve, reject) => {
    source
      .pipe(
        actors<Measurement, Mean>({
          ...common,
          name: 'machines',
          key: ({ machine }) => machine,
          behavior: watchMachine,
          values: { factor: factors },
        }),
        tap((outcome) => record('means', outcome)),
        actors<Mean, string>({
          ...common,
          name: 'halls',
          key: ({ machine }) => machine[0] as string,
          behavior: watchHall,
        }),
      )
      .subscribe({ next: (outcome) => record('halls', outcome), error: reject, complete: resolve })
  })
  finished.catch(() => {})

  /** Gives commits and checkpoints the real time they need, while wall time stands still. */
  const settled = async (work: Promise<unknown>): Promise<void> => {
    let isDone = false
    const done = (): void => {
      isDone = true
    }
    work.then(done, done)
    for (let quiet = 0; quiet < quietRounds; quiet = isDone ? quiet + 1 : 0) {
      clock.advance(0)
      await new Promise((resume) => setImmediate(resume))
    }
    await work
  }

  return {
    outputs,
    clock,
    factors,
    /** Sends measurements, a delivery each, 100 ms of wall time apart. */
    async send(given: readonly Measurement[], from: number, resent = false): Promise<void> {
      for (const [index, one] of given.entries()) {
        const number = from + index
        const receipt = { sender: `gateway ${one.machine[0]}`, number, checksum: number * 31, resent }
        const taken = new Promise<void>((ack, reject) =>
          source.next(new Delivery([one], { ack, reject }, { receipt })),
        )
        await settled(Promise.race([taken, finished]))
        clock.advance(100)
      }
    },
    /** Lets wall time pass, a second at a time. */
    async wait(duration: Duration): Promise<void> {
      for (let waited = 0; waited < duration; waited += seconds(1)) {
        clock.advance(seconds(1))
        await settled(Promise.resolve())
      }
    },
    async stop(): Promise<void> {
      source.complete()
      await settled(finished)
    },
  }
}

const quietRounds = 5
