import type { Sample } from '../../../bench/engine/samples.ts'
import type { SentAside } from '../../../lib/actors/sinks/sink.ts'

/** What reached the sink beside the results, and whether it is what had to. */
export class DeadLetters {
  /** Dead letters whose behavior was asked and threw; the rest it was not asked about any more. */
  thrown = 0
  /** Anything that is no dead letter of an expected sample with a reason, or is one for the second time. */
  wrong = 0
  count = 0
  private readonly expected = new Set<string>()

  /** Expected and not there. */
  get missing(): number {
    return this.expected.size
  }

  expect(sample: Sample): void {
    this.expected.add(nameOf(sample))
  }

  add({ key, tag, value, reason }: SentAside): void {
    const sample = value as Sample
    this.count++
    if (reason.includes('threw: Error: no use for')) this.thrown++
    const isRight = tag === 'dead' && key === sample.sensor && reason.includes(`actor "${key}" threw`)
    if (!this.expected.delete(nameOf(sample)) || !isRight) this.wrong++
  }
}

const nameOf = ({ sensor, time, value }: Sample): string => `${sensor} ${time} ${value}`
