/** One window that holds something. Plain data. A saved one of an earlier version may have a field more. */
export interface WindowPane<A> {
  start: number
  end: number
  /** Events in it. */
  count: number
  value: A
  /** Its result for this end is out. */
  fired: boolean
  /** Some final result of it was out before, perhaps with an earlier end. */
  revised: boolean
  /** It has changed since its last result, final or provisional. */
  changed: boolean
}

/** The pane of exactly this window. Sources are mostly in order, so the latest is tried first. */
export const findPane = <A>(
  panes: readonly WindowPane<A>[],
  start: number,
  end: number,
): WindowPane<A> | undefined => {
  for (let index = panes.length - 1; index >= 0; index -= 1) {
    const pane = panes[index] as WindowPane<A>
    if (pane.end === end && pane.start === start) return pane
    if (pane.end < end) return undefined
  }
  return undefined
}

/** Keeps panes in order of their ends. */
export const insertPane = <A>(panes: WindowPane<A>[], pane: WindowPane<A>): WindowPane<A> => {
  let place = panes.length
  while (place > 0 && (panes[place - 1] as WindowPane<A>).end > pane.end) place -= 1
  panes.splice(place, 0, pane)
  return pane
}

/** Takes out all panes that overlap or touch [start, end), in order of their ends. */
export const takeTouching = <A>(panes: WindowPane<A>[], start: number, end: number): WindowPane<A>[] => {
  const touching = panes.filter((pane) => pane.start <= end && start <= pane.end)
  for (const pane of touching) panes.splice(panes.indexOf(pane), 1)
  return touching
}
