import type { GroupCommit } from './commit/group-commit.ts'
import { Outcome, type OutcomeContent, type Recorder } from './outcome.ts'

/** Hands outcomes on while their commit is open, and refuses what is recorded after that. */
export class Emission {
  private readonly emit: (outcome: Outcome<unknown>) => void
  private readonly recorder: Recorder
  private isOpen = false

  constructor(commit: GroupCommit, emit: (outcome: Outcome<unknown>) => void) {
    this.emit = emit
    this.recorder = (sink, position, index, bytes) => {
      if (!this.isOpen) {
        const reason = new Error(
          `Output ${position}-${index} was recorded for sink "${sink}" after its turn had ended, when its ` +
            'commit was closed. Only synchronous operators may stand between actors() and a sink',
        )
        commit.giveUp(reason)
        throw reason
      }
      commit.record({ sink, position, index, bytes })
    }
  }

  of(content: OutcomeContent<unknown>): void {
    const wasOpen = this.isOpen
    this.isOpen = true
    try {
      this.emit(new Outcome(content, this.recorder))
    } finally {
      this.isOpen = wasOpen
    }
  }
}
