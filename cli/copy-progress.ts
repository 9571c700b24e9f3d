import type { CopyProgress } from '../lib/state/copies/copy-store.ts'
import { megabytes } from './megabytes.ts'
import { ProgressLine } from './progress-line.ts'

/** Shows how far a store has been copied and checked. */
export const copyProgress = (): { show(progress: CopyProgress): void; clear(): void } => {
  const line = new ProgressLine()
  return {
    show(progress) {
      if (progress.step === 'copying')
        line.show(`copying: ${megabytes(progress.bytes)} of ${megabytes(progress.of)}`)
      else line.show(`checking: ${progress.rows.toLocaleString('en-US')} rows`)
    },
    clear: () => line.clear(),
  }
}
