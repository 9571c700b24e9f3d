import type { RecordedPublish } from './recorded-publish.ts'

/** What a recording is played to. */
export interface RecordingTarget {
  /** Publishes that are durable. */
  readonly acknowledged: number
  readonly reconnects: number
  /** Takes one publish. The promise, if there is one, resolves when there is room for the next. */
  send(publish: RecordedPublish): Promise<void> | undefined
  /** Resolves when all that was sent is acknowledged. */
  settled(): Promise<void>
  close(): Promise<void>
}
