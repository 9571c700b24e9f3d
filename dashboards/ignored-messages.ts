import { minutes, seconds } from '../lib/time/duration.ts'
import type { WallClock } from '../lib/time/wall-clock.ts'
import { plainText } from './terminal/plain-text.ts'

/** Longest part of a subject that a report shows, in characters. */
const longestSubject = 100

/** Counts the messages that a feed cannot read, and reports it a second after the first, then each minute. */
export class IgnoredMessages {
  private readonly wanted: string
  private readonly report: (line: string) => void
  private readonly clock: WallClock
  private count = 0
  private reported = 0
  private newest = ''
  private cancel: (() => void) | undefined

  /** @param wanted What the feed is about, in the plural. */
  constructor(wanted: string, report: (line: string) => void, clock: WallClock) {
    this.wanted = wanted
    this.report = report
    this.clock = clock
  }

  add(subject: string): void {
    this.count++
    this.newest = subject
    this.cancel ??= this.clock.after(seconds(1), () => this.tell())
  }

  close(): void {
    this.cancel?.()
  }

  private tell(): void {
    this.cancel = undefined
    if (this.count === this.reported) return
    this.reported = this.count
    const subject = plainText(this.newest.slice(0, longestSubject))
    this.report(
      `ignored messages that are not ${this.wanted}: ${this.count}, the newest on subject ${subject}`,
    )
    this.cancel = this.clock.after(minutes(1), () => this.tell())
  }
}
