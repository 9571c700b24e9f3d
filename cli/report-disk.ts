import type { LmdbStore } from '../lib/state/lmdb-store.ts'
import { minutes } from '../lib/time/duration.ts'
import type { WallClock } from '../lib/time/wall-clock.ts'

export interface DiskReportOptions {
  readonly store: Pick<LmdbStore, 'condition'>
  /** How many publishes wait to be acknowledged. */
  readonly waiting: () => number
  readonly clock: WallClock
  readonly onNotice: (line: string) => void
}

/**
 * Reports a low disk, on which nothing is acknowledged: at once, then once a minute with the number of
 * publishes that wait, and when there is room again. Ends with the store.
 */
export const reportDisk = ({ store, waiting, clock, onNotice }: DiskReportOptions): void => {
  let words = ''
  let isLow = false
  let isReported = false
  let cancel: (() => void) | undefined
  const report = (): void => {
    cancel = undefined
    if (!isLow) return
    isReported = true
    onNotice(`${words} (publishes that wait: ${waiting()})`)
    cancel = clock.after(minutes(1), report)
  }
  store.condition.subscribe({
    next(condition) {
      words = condition.words
      isLow = condition.state !== 'ok'
      if (isLow && !cancel) report()
      if (isLow || !isReported) return
      isReported = false
      onNotice('the disk has room again: publishes are acknowledged')
    },
    complete: () => cancel?.(),
  })
}
