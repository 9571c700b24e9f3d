import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

/** What a broker's process has used so far. */
export interface Usage {
  /** CPU time of the whole process in microseconds: garbage collector, LMDB's and libuv's threads too. */
  readonly processMicros: number
  /** CPU time of the main thread in microseconds. */
  readonly mainMicros: number
}

/** Tells the process that started this one where to connect, and what has been used whenever it asks. */
export const answer = (address: { port: number; nats?: string }, close: () => Promise<void>): void => {
  process.on('message', () => process.send?.(usage()))
  process.on('disconnect', () => void close())
  process.send?.(address)
}

const usage = (): Usage => {
  const { user, system } = process.cpuUsage()
  return { processMicros: user + system, mainMicros: mainMicros() }
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
