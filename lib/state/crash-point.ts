/** The moments at which a crash must lose nothing. Each is passed by name, and crash tests kill there. */
export const crashPoints = [
  'turn done',
  'batch encoded',
  'put',
  'committed',
  'flushed',
  'acknowledged',
  'slice taken',
  'checkpoint put',
  'checkpoint flushed',
  'journal released',
  'passivation',
  'relay published',
  'relay confirmed',
  'outbox deleted',
] as const

export type CrashPoint = (typeof crashPoints)[number]

type Watcher = (point: CrashPoint) => void

const watchers = new Set<Watcher>()
let observer: Watcher | undefined

/** Marks that execution has reached `point`. Costs one comparison unless a crash test is watching. */
export const crashPoint = (point: CrashPoint): void => observer?.(point)

/** Calls `onPass` at every crash point from now on. Returns a function that stops it. */
export const watchCrashPoints = (onPass: (point: CrashPoint) => void): (() => void) => {
  const own: Watcher = (point) => onPass(point)
  watchers.add(own)
  observer = (point) => {
    for (const watcher of watchers) watcher(point)
  }
  return () => {
    if (watchers.delete(own) && watchers.size === 0) observer = undefined
  }
}
