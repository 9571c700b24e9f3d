/**
 * Says which windows an event belongs to, as starts that are asked for one after the other, so that an event
 * allocates nothing. A window holds the times from its start up to, not including, its end.
 */
export interface Assigner {
  /** Start of the latest window that holds `time`. */
  latestStart(time: number): number
  /** Start of the next earlier window that also holds `time`, −Infinity when there is none. */
  startBefore(start: number, time: number): number
  endOf(start: number): number
  /** Windows that overlap or touch become one, as those of a session do. Not unless true. */
  readonly merging?: boolean
}
