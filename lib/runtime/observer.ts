import type { Subject } from 'rxjs'
import type { GroupCommit } from '../actors/commit/group-commit.ts'
import type { OutputReader } from './port.ts'
import { follow, leftOut, type RouteStep } from './route.ts'

/** Emits values when their commit is flushed, while it has subscribers. */
export class Observer implements OutputReader {
  readonly needsId = false
  private readonly values: Subject<unknown>
  private readonly commit: GroupCommit
  private readonly report: (line: string) => void

  constructor(values: Subject<unknown>, commit: GroupCommit, report: (line: string) => void) {
    this.values = values
    this.commit = commit
    this.report = report
  }

  read(steps: readonly RouteStep[], value: unknown): void {
    if (!this.values.observed) return
    try {
      const observed = follow(steps, value)
      if (observed !== leftOut) this.commit.acknowledge({ ack: () => this.values.next(observed) })
    } catch (error) {
      this.report(`A map or filter in front of observe() threw, and its value is left out: ${String(error)}`)
    }
  }

  end(): void {}
}
