import type { OutboxWrite } from '../state/store.ts'
import type { GroupCommit } from './commit/group-commit.ts'
import { Outcome, type OutcomeContent, type Recorder } from './outcome.ts'

/**
 * Hands outcomes on while their commit is open. A commit that would not have every output once is given up:
 * nothing of it is acknowledged.
 */
export class Emission {
  private readonly commit: GroupCommit
  private readonly emit: (outcome: Outcome<unknown>) => void
  private readonly isTaken: () => boolean
  private readonly recorder: Recorder
  private isOpen = false
  /** Of the outcome that is being emitted: sink and id of each output. */
  private readonly recorded = new Set<string>()

  /** @param isTaken Whether what is emitted still reaches a subscriber. */
  constructor(commit: GroupCommit, emit: (outcome: Outcome<unknown>) => void, isTaken: () => boolean) {
    this.commit = commit
    this.emit = emit
    this.isTaken = isTaken
    this.recorder = (sink, position, index, bytes) => this.record({ sink, position, index, bytes })
  }

  of(content: OutcomeContent<unknown>): void {
    const wasOpen = this.isOpen
    this.isOpen = true
    try {
      this.emit(new Outcome(content, this.recorder))
    } finally {
      this.isOpen = wasOpen
      if (!wasOpen) this.recorded.clear()
    }
    if (!this.isTaken()) this.commit.giveUp(endedWithin(content))
  }

  private record(row: OutboxWrite): void {
    const { sink, position, index } = row
    const id = `${position}-${index} ${sink}`
    if (!this.isOpen) this.refuse(recordedLate(row))
    if (this.recorded.has(id)) this.refuse(recordedTwice(row))
    this.recorded.add(id)
    this.commit.record(row)
  }

  private refuse(reason: Error): never {
    this.commit.giveUp(reason)
    throw reason
  }
}

const recordedLate = ({ sink, position, index }: OutboxWrite): Error =>
  new Error(
    `Output ${position}-${index} was recorded for sink "${sink}" after its turn had ended, when its ` +
      'commit was closed. Only synchronous operators may stand between actors() and a sink',
  )

const recordedTwice = ({ sink, position, index }: OutboxWrite): Error =>
  new Error(
    `Output ${position}-${index} was recorded for sink "${sink}" a second time, which would replace the first. ` +
      'An operator between actors() and a sink may emit each outcome once: replace mergeMap or expand by ' +
      'outcome.map and outcome.filter, or make several values in the behavior',
  )

const endedWithin = ({ key, position }: OutcomeContent<unknown>): Error =>
  new Error(
    `What follows actors() ended while it was given the outputs of actor "${key}" at position ${position}, as an ` +
      'operator that throws does. Nothing of that commit is acknowledged, so the source sends it again. ' +
      'Mend that operator, or handle what it cannot take',
  )
