/** Ctrl-C reaches a program that npm started twice, from the terminal and from npm, within this time. */
const samePressMs = 300

/**
 * Resolves at the first SIGINT or SIGTERM, for an orderly end. The next one ends the process at once: what
 * was acknowledged is on the disk, so even that loses nothing.
 */
export const untilInterrupted = (): Promise<'SIGINT' | 'SIGTERM'> =>
  new Promise((resolve) => {
    let first: number | undefined
    const interrupt = (signal: 'SIGINT' | 'SIGTERM'): void => {
      const now = performance.now()
      if (first !== undefined && now - first > samePressMs) process.exit(signal === 'SIGINT' ? 130 : 143)
      first ??= now
      resolve(signal)
    }
    process.on('SIGINT', interrupt)
    process.on('SIGTERM', interrupt)
  })
