import type { Fault } from './format.ts'

/** The faults of one publish: the first few in full, because words cost time, and the others counted. */
export class FaultList {
  length = 0
  private readonly first: Fault[] = []

  add(fault: () => Fault): void {
    if (this.length++ < worded) this.first.push(fault())
  }

  all(): readonly Fault[] {
    const more = this.length - this.first.length
    return more === 0
      ? this.first
      : [...this.first, { kind: 'and others', message: `and ${more} more of its values` }]
  }
}

const worded = 8
