import { type Observable, Subject } from 'rxjs'
import type { BrokerCounts } from './broker-counts.ts'

/** Something that a client wanted and did not get, and that its operator may have to mend. */
export interface Refusal {
  /** What was refused: the field of `BrokerCounts` that went up. */
  readonly kind: RefusalKind
  /** How many of this kind there have been, this one included. */
  readonly count: number
  /** The id of the client, empty while it is not known. */
  readonly client: string
  readonly address: string
  /** What happened to the client, with the value and the remedy: `was refused: …`. Values are quoted. */
  readonly reason: string
}

export type RefusalKind =
  | 'refusedClientIds'
  | 'refusedVersions'
  | 'refusedConnections'
  | 'refusedSubscriptions'
  | 'outOfDescriptors'
  | 'protocolViolations'
  | 'oversizePublishes'
  | 'packetsTooLong'
  | 'sharedClientIds'
  | 'notReading'
  | 'refusedWills'
  | 'disconnectedForMemory'

/** Counts refusals, and emits them for a report. */
export class Refusals {
  readonly all: Observable<Refusal>
  private readonly counts: BrokerCounts
  private readonly subject = new Subject<Refusal>()

  constructor(counts: BrokerCounts) {
    this.counts = counts
    this.all = this.subject.asObservable()
  }

  add(kind: RefusalKind, from: { readonly clientId: string; readonly remote: string }, reason: string): void {
    const count = ++this.counts[kind]
    this.subject.next({ kind, count, client: from.clientId, address: from.remote, reason })
  }

  close(): void {
    this.subject.complete()
  }
}
