import type { Accumulator } from '../statistics/accumulator.ts'
import type { Duration } from '../time/duration.ts'
import type { Output } from '../time/output.ts'
import { late } from '../time/output-tag.ts'
import type { Processor } from '../time/processor.ts'
import type { Timed } from '../time/timed.ts'
import type { Assigner } from './assigner.ts'
import { findPane, insertPane, takeTouching, type WindowPane } from './panes.ts'

/** What a window comes to. */
export interface WindowResult<Value> extends Timed {
  /** The last moment inside the window: its end less 1 ms. */
  readonly time: number
  /** Epoch milliseconds; the end is not part of the window. */
  readonly window: { readonly start: number; readonly end: number }
  readonly value: Value
  /** Events in the window. */
  readonly count: number
  /**
   * Final: the watermark has passed the window. Revised: again, with an event that came inside the allowed
   * lateness. Provisional: nothing has arrived for a while and this is what there is so far; the final
   * result follows.
   */
  readonly status: 'final' | 'revised' | 'provisional'
}

/** Every open window, in order of their ends. */
export type WindowState<A> = WindowPane<A>[]

export interface WindowOptions {
  /** How far the watermark may have passed a window that still takes events, 0 unless given. */
  readonly allowedLateness?: Duration
}

/**
 * Puts events into the windows that `assigner` says and emits what `accumulator` makes of each window when
 * the watermark has passed it. A window without events gives no result. An event goes to the late output
 * when the watermark has passed all its windows by `allowedLateness`; until then each late event gives its
 * window's whole result again, revised.
 */
export const window = <In, Value, A>(
  assigner: Assigner,
  accumulator: Accumulator<In, Value, A>,
  { allowedLateness = 0 }: WindowOptions = {},
): Processor<In & Timed, WindowResult<Value>, WindowState<A>> => {
  if (!(allowedLateness >= 0)) {
    throw new RangeError(`allowedLateness must be 0 ms or more, got ${allowedLateness}: give a duration`)
  }
  const emit = (
    pane: WindowPane<A>,
    status: WindowResult<Value>['status'],
    out: Output<WindowResult<Value>>,
  ): void => {
    const { start, end, count } = pane
    pane.changed = false
    const value = accumulator.finish(pane.value)
    out.emit({ time: end - 1, window: { start, end }, value, count, status })
  }

  const fire = (pane: WindowPane<A>, out: Output<WindowResult<Value>>): void => {
    const status = pane.revised ? 'revised' : 'final'
    pane.fired = true
    pane.revised = true
    emit(pane, status, out)
  }

  const opened = (start: number, end: number): WindowPane<A> => ({
    start,
    end,
    count: 0,
    value: accumulator.create(),
    fired: false,
    revised: false,
    changed: false,
  })

  /** The pane that holds [start, end) and everything it touches, made one. */
  const merged = (panes: WindowPane<A>[], start: number, end: number): WindowPane<A> => {
    const touching = takeTouching(panes, start, end)
    const whole = touching[0] ?? opened(start, end)
    for (const other of touching.slice(1)) {
      accumulator.combine(whole.value, other.value)
      whole.count += other.count
      whole.revised ||= other.revised
    }
    const latest = Math.max(end, ...touching.map((pane) => pane.end))
    if (latest !== whole.end) whole.fired = false
    whole.start = Math.min(start, ...touching.map((pane) => pane.start))
    whole.end = latest
    return insertPane(panes, whole)
  }

  return {
    create: () => [],
    onEvent(panes, event, out, { watermark }) {
      const { time } = event
      let taken = false
      let start = assigner.latestStart(time)
      for (; start > Number.NEGATIVE_INFINITY; start = assigner.startBefore(start, time)) {
        const end = assigner.endOf(start)
        const open = end - 1 + allowedLateness > watermark
        if (!open && !(assigner.merging && touchesAny(panes, start, end))) continue
        const pane = assigner.merging
          ? merged(panes, start, end)
          : (findPane(panes, start, end) ?? insertPane(panes, opened(start, end)))
        taken = true
        accumulator.accumulate(pane.value, event)
        pane.count += 1
        pane.changed = true
        if (pane.end - 1 <= watermark) fire(pane, out)
      }
      if (!taken) out.to(late, event)
    },
    due(panes) {
      // Ends are in order, and all that have fired come before all that have not.
      let due = Number.POSITIVE_INFINITY
      for (const { end, fired } of panes) {
        if (!fired) return Math.min(due, end - 1)
        due = Math.min(due, end - 1 + allowedLateness)
      }
      return due
    },
    onTime(panes, time, out) {
      for (const pane of panes) {
        if (pane.end - 1 > time) break
        if (!pane.fired) fire(pane, out)
      }
      while (panes.length > 0 && (panes[0] as WindowPane<A>).end - 1 + allowedLateness <= time) panes.shift()
    },
    onIdle(panes, out) {
      for (const pane of panes) if (pane.changed) emit(pane, 'provisional', out)
    },
  }
}

/** An event that is late by itself may still belong to a session that goes on. */
const touchesAny = (panes: readonly WindowPane<unknown>[], start: number, end: number): boolean =>
  panes.some((pane) => pane.start <= end && start <= pane.end)
