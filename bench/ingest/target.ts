/** What a broker's process has used so far. */
export interface Usage {
  /** CPU time of the whole process in microseconds: garbage collector, LMDB's and libuv's threads too. */
  readonly processMicros: number
}

/** Tells the process that started this one where to connect, and what has been used whenever it asks. */
export const answer = (address: { port: number; nats?: string }, close: () => Promise<void>): void => {
  process.on('message', () => process.send?.(usage()))
  process.on('disconnect', () => void close())
  process.send?.(address)
}

const usage = (): Usage => {
  const { user, system } = process.cpuUsage()
  return { processMicros: user + system }
}
