/**
 * `due`, unless it is not a number: the turn that made it so is given up, because a timer that compares with
 * no time would neither fire nor be saved.
 */
export const checkDue = (step: string, due: number): number => {
  if (!Number.isNaN(due)) return due
  throw new Error(`Step "${step}" is due at NaN: make due(state) return a time in ms, or Infinity for never`)
}
