import { constants } from 'node:os'
import { endProcess } from './output/standard-output.ts'

/** What asks for an orderly end: Ctrl-C, a service manager, a terminal that is closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export type Interruption = (typeof signals)[number]

/** Ctrl-C reaches a program that npm started twice, from the terminal and from npm, within this time. */
const samePressMs = 300

/**
 * Resolves at the first signal that asks for an orderly end. The next one ends the process as soon as what it
 * has printed is read, the one after that at once: what was acknowledged is on the disk, so nothing of it is
 * lost.
 */
export const untilInterrupted = (): Promise<Interruption> =>
  new Promise((resolve) => {
    let first: number | undefined
    let isEnding = false
    const interrupt = (signal: Interruption): void => {
      const now = performance.now()
      first ??= now
      resolve(signal)
      if (now - first <= samePressMs) return
      const exitCode = 128 + constants.signals[signal]
      if (isEnding) process.exit(exitCode)
      isEnding = true
      void endProcess(exitCode)
    }
    for (const signal of signals) process.on(signal, interrupt)
  })
