import type { ReplayProgress } from '../lib/actors/commit/replay.ts'

export interface CatchingUp {
  /** Resolves when what the last run left in the journal has been replayed: readings are taken at speed. */
  readonly ended: Promise<void>
  readonly onReplay: (progress: ReplayProgress) => void
}

/** Reports how far the replay has got, unless it is through before there is something to report. */
export const catchingUp = (onNotice: (line: string) => void): CatchingUp => {
  let end: () => void = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  return {
    ended,
    onReplay({ entries, replayed }) {
      if (replayed === entries) end()
      else
        onNotice(
          `catching up: ${percentOf(replayed, entries)} of ${entries.toLocaleString('en')} journal entries`,
        )
    },
  }
}

const percentOf = (part: number, whole: number): string => `${Math.floor((part / whole) * 100)} %`
