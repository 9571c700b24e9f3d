import { readFileSync } from 'node:fs'
import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks'

/** What a broker's process has used so far. */
export interface Usage {
  /** CPU time of the whole process in microseconds: garbage collector, LMDB's and libuv's threads too. */
  readonly processMicros: number
  /** CPU time of the main thread in microseconds. */
  readonly mainMicros: number
  /** Bytes that the process has caused to be written to disks; null where the kernel does not say. */
  readonly writtenBytes: number | null
  readonly residentBytes: number
  /** Since the usage was last asked for: the longest pause of the event loop, and of the collector. */
  readonly longestPauseMs: number
  readonly longestCollectionMs: number
}

/** Tells the process that started this one where to connect, and what has been used whenever it asks. */
export const answer = (address: { port: number; nats?: string }, close: () => Promise<void>): void => {
  const pauses = pausesOf()
  process.on('message', () => process.send?.({ ...usage(), ...pauses() }))
  process.on('disconnect', () => void close())
  process.send?.(address)
}

/** Milliseconds between two looks at the event loop: a pause is known to within so much. */
const resolution = 5

const pausesOf = (): (() => Pick<Usage, 'longestPauseMs' | 'longestCollectionMs'>) => {
  const delay = monitorEventLoopDelay({ resolution })
  delay.enable()
  let longestCollectionMs = 0
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries())
      longestCollectionMs = Math.max(longestCollectionMs, duration)
  }).observe({ entryTypes: ['gc'] })
  return () => {
    const longest = { longestPauseMs: Math.max(0, delay.max / 1e6 - resolution), longestCollectionMs }
    delay.reset()
    longestCollectionMs = 0
    return longest
  }
}

const usage = (): Omit<Usage, 'longestPauseMs' | 'longestCollectionMs'> => {
  const { user, system } = process.cpuUsage()
  return {
    processMicros: user + system,
    mainMicros: mainMicros(),
    writtenBytes: writtenBytes(),
    residentBytes: process.memoryUsage.rss(),
  }
}

const writtenBytes = (): number | null => {
  try {
    return Number(/^write_bytes: (\d+)/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])
  } catch {
    return null
  }
}

/** From the kernel where it tells, else the time in which the event loop was not waiting. */
const mainMicros = (): number => {
  try {
    const [onCpu] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')
    return Number(onCpu) / 1_000
  } catch {
    return performance.eventLoopUtilization().active * 1_000
  }
}
