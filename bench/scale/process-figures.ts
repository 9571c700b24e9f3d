import { readFileSync } from 'node:fs'

/** CPU microseconds that this process has used, all its threads together. */
export const cpuMicros = (): number => {
  const { user, system } = process.cpuUsage()
  return user + system
}

/**
 * Memory of this process in MB: all that is resident, and what of it is the process's own. The rest is mostly
 * pages of the data file, which the system takes back when it needs them.
 */
export function memory(): { readonly rss_mb: number; readonly own_mb: number } {
  const status = readFileSync('/proc/self/status', 'utf8')
  const of = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1_024
  return { rss_mb: Math.round(of('VmRSS')), own_mb: Math.round(of('RssAnon')) }
}

/** Prints what a part measured and ends: a dependency of lmdb keeps a timer for a minute. */
export const report = (figures: object): void => {
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit())
}
