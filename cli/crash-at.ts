import { type CrashPoint, crashPoints, watchCrashPoints } from '../lib/state/crash-point.ts'

/**
 * Arms this process to kill itself: `<crash point>:<n>` dies at the n-th pass of that point, as abruptly as
 * a power cut. For crash tests, which set it as TIDEMARK_CRASH_AT.
 * @throws Error when `when` names no crash point or no count.
 */
export const crashAt = (when: string): void => {
  const { point, pass } = parseCrashAt(when)
  let passed = 0
  watchCrashPoints((reached) => {
    if (reached !== point) return
    passed += 1
    if (passed === pass) process.kill(process.pid, 'SIGKILL')
  })
}

export const parseCrashAt = (when: string): { readonly point: CrashPoint; readonly pass: number } => {
  const [name, count] = when.split(':')
  const point = crashPoints.find((known) => known === name)
  const pass = Number(count)
  if (!point || !Number.isInteger(pass) || pass < 1)
    throw new Error(
      `TIDEMARK_CRASH_AT is ${JSON.stringify(when)}: give a crash point (${crashPoints.join(', ')}), a colon and a count`,
    )
  return { point, pass }
}
