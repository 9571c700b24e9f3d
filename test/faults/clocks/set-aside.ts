import type { Reading } from '../../../devices/wire/reading.ts'
import type { SentAside } from '../../../lib/actors/sinks/sink.ts'

/** Readings that had to leave the main path because of a bad clock, and those that left it. */
export class SetAside {
  readonly counts = { late: 0, quarantined: 0 }
  /** Of devices whose clock was never bad. */
  lateOfOthers = 0
  /** Of devices with a bad clock, but not because of it: their good readings. */
  lateAfterwards = 0
  private readonly expected = new Map<string, 'late' | 'quarantined'>()
  private readonly bad = new Set<string>()

  expect(kind: 'late' | 'quarantined', reading: Reading): void {
    this.bad.add(reading.device)
    this.expected.set(nameOf(reading), kind)
  }

  /** Had to leave the main path, and did not. */
  get missing(): number {
    return this.expected.size
  }

  add({ key, tag, value }: SentAside): void {
    const name = nameOf(value as Reading)
    const expected = this.expected.get(name)
    if (expected && expected === tag) {
      this.expected.delete(name)
      this.counts[expected]++
    } else if (this.bad.has(key)) this.lateAfterwards++
    else this.lateOfOthers++
  }
}

const nameOf = ({ device, metric, time }: Reading): string => `${device} ${metric} ${time}`
