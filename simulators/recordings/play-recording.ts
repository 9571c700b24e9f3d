import { type Duration, hours, seconds } from '../../lib/time/duration.ts'
import type { WallClock } from '../../lib/time/wall-clock.ts'
import { orAborted, pause } from '../pause.ts'
import type { RecordedLine } from './recorded-line.ts'
import { recordedPublishes } from './recorded-publish.ts'
import type { RecordingTarget } from './recording-target.ts'

export interface PlayOptions {
  readonly clock: WallClock
  /**
   * How many times faster than they were recorded readings are sent. Infinity, unless given, for as fast as
   * they are acknowledged.
   */
  readonly speed?: number
  /** Ends it: nothing more is sent. */
  readonly signal?: AbortSignal
  /** Told of every line with something that could not be read. */
  readonly onFault?: (line: RecordedLine) => void
  readonly onProgress?: (played: Played) => void
  /** One second unless given. */
  readonly progressEvery?: Duration
}

/** What a timer can wait for without a doubt. */
const longestPause: Duration = hours(1)

/** How far a recording has been played. */
export interface Played {
  /** Lines with something in them, headers left out. */
  readonly lines: number
  /** Of these, lines with something that could not be read. */
  readonly badLines: number
  readonly readings: number
  readonly publishes: number
  readonly acknowledged: number
  readonly reconnects: number
  /** Event time of the latest reading, −Infinity before the first. */
  readonly time: number
  /** Read of all files together. */
  readonly bytes: number
}

/** Plays a recording to `target`. Resolves when all that was sent is acknowledged, or the signal is given. */
export async function playRecording(
  recording: AsyncIterable<RecordedLine>,
  target: RecordingTarget,
  options: PlayOptions,
): Promise<Played> {
  const { clock, speed = Number.POSITIVE_INFINITY, signal, onFault, onProgress } = options
  const { progressEvery = seconds(1) } = options
  const bytesOf = new Map<string, number>()
  const counts = { lines: 0, badLines: 0, readings: 0, publishes: 0, time: Number.NEGATIVE_INFINITY }
  let began: { readonly wall: number; readonly event: number } | undefined

  const played = (): Played => ({
    ...counts,
    acknowledged: target.acknowledged,
    reconnects: target.reconnects,
    bytes: [...bytesOf.values()].reduce((sum, bytes) => sum + bytes, 0),
  })
  // By the clock and not by the line: a broker that is away is when somebody wants to know.
  let stopReporting = (): void => {}
  const keepReporting = (): void => {
    stopReporting = clock.after(progressEvery, () => {
      onProgress?.(played())
      keepReporting()
    })
  }
  const untilDue = async (time: number): Promise<void> => {
    if (speed === Number.POSITIVE_INFINITY) return
    began ??= { wall: clock.now(), event: time }
    const due = began.wall + (time - began.event) / speed
    for (let wait = due - clock.now(); wait > 0 && !signal?.aborted; wait = due - clock.now()) {
      await pause(clock, Math.min(wait, longestPause), signal)
    }
  }

  const playAll = async (): Promise<void> => {
    for await (const line of recording) {
      if (signal?.aborted) break
      counts.lines++
      bytesOf.set(line.file, line.bytes)
      if (line.faults.length > 0) {
        counts.badLines++
        onFault?.(line)
      }
      const [first] = line.readings
      if (!first) continue
      await untilDue(first.time)
      if (signal?.aborted) break
      counts.time = Math.max(counts.time, first.time)
      counts.readings += line.readings.length
      for (const publish of recordedPublishes(line)) {
        counts.publishes++
        const room = target.send(publish)
        if (room) await orAborted(room, signal)
      }
    }
    await orAborted(target.settled(), signal)
  }

  if (onProgress) keepReporting()
  await playAll().finally(() => stopReporting())
  return played()
}
