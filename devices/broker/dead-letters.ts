import type { Aside } from '../../lib/actors/delivery.ts'
import { minutes } from '../../lib/time/duration.ts'
import type { WallClock } from '../../lib/time/wall-clock.ts'
import type { Fault } from '../formats/format.ts'
import { otherKinds, RepeatCounter, type Repeats } from '../repeat-counter.ts'
import type { DeadLetter } from '../wire/dead-letter.ts'
import type { BrokerLimits } from './limits.ts'
import type { Publish } from './publish.ts'
import type { Sender } from './sender.ts'

/** A publish with a fault, as long as it may be reported: small, and without the buffer it came in. */
interface FaultyPublish {
  readonly topic: string
  readonly device: string | undefined
  readonly beginning: Uint8Array
  readonly payloadBytes: number
  readonly client: string
  readonly reason: string
}

/**
 * Makes dead letters of publishes that have faults. The first of a topic with a kind of fault is one at
 * once; those that follow are counted, and once a minute one dead letter says how many there were.
 */
export class DeadLetters {
  private readonly limits: BrokerLimits
  private readonly repeats: RepeatCounter<FaultyPublish>

  /** @param summarize receives the dead letters that stand for several publishes. */
  constructor(clock: WallClock, limits: BrokerLimits, summarize: (deadLetter: Aside) => void) {
    this.limits = limits
    const report = (repeats: Repeats<FaultyPublish>): void => summarize(summaryOf(repeats))
    this.repeats = new RepeatCounter({ clock, window: minutes(1), kinds: limits.faultKinds, report })
  }

  /** The dead letter of a publish, or undefined when it repeats one before it and was counted. */
  of(publish: Publish, { clientId }: Sender, faults: readonly Fault[]): Aside | undefined {
    const { topic, payload, wholeBytes = payload.length, dup } = publish
    const faulty: FaultyPublish = {
      topic: topic.name.slice(0, this.limits.topicBytes),
      device: topic.fault ? undefined : topic.reader.device,
      beginning: new Uint8Array(payload.subarray(0, payloadKept)),
      payloadBytes: wholeBytes,
      client: clientId,
      reason: faults.map(({ message }) => message).join('; '),
    }
    const kind = `${faulty.topic} ${faults.map(({ kind }) => kind).join('; ')}`
    // It was counted when it was sent first.
    if (dup && this.repeats.isCounting(kind)) return undefined
    return this.repeats.isFirst(kind, faulty) ? aside(letterOf(faulty), faulty.reason) : undefined
  }

  /** Reports what has been counted since the last minute. */
  flush(): void {
    this.repeats.flush()
  }
}

const payloadKept = 1_024

const letterOf = ({ topic, device, beginning, payloadBytes, client }: FaultyPublish): DeadLetter => ({
  topic,
  ...(device === undefined ? {} : { device }),
  payload: Buffer.from(beginning).toString('base64'),
  payloadBytes,
  isCut: payloadBytes > beginning.length,
  client,
})

const summaryOf = ({ kind, count, since, newest }: Repeats<FaultyPublish>): Aside => {
  const publishes = count === 1 ? '1 more publish' : `${count} more publishes`
  const faults = kind === otherKinds ? 'various faults' : 'this fault'
  const reason = `${publishes} with ${faults} within a minute, the newest: ${newest.reason}`
  return aside({ ...letterOf(newest), repeats: { count, since } }, reason)
}

const aside = (value: DeadLetter, reason: string): Aside => ({ tag: 'dead', value, reason })
