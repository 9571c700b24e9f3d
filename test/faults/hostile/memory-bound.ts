import { setTimeout as wait } from 'node:timers/promises'
import { QuietClient } from '../../support/quiet-client.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import type { Proof } from './fault.ts'

/**
 * Proves that the memory of a running tidemark stays bounded, and that a well-behaved client is served, while
 * and after `attack` runs.
 */
export const proveMemoryBound = async (
  attack: (tidemark: TidemarkProcess) => Promise<Readonly<Record<string, unknown>>>,
): Promise<Proof> => {
  const tidemark = await TidemarkProcess.start()
  const quiet = await QuietClient.connect({ port: tidemark.port })
  try {
    // Code that has run once is compiled, and the heap has its size.
    await wait(500)
    const before = tidemark.residentBytes
    const figures = await attack(tidemark)
    const since = performance.now()
    await wait(1_000)
    const grownMb = Math.round((tidemark.peakResidentBytes - before) / 1e6)
    const { published, acknowledged } = quiet.latency(since)
    const isServed = tidemark.isRunning && quiet.isConnected && acknowledged > published / 2
    return { holds: isServed && grownMb <= mostGrownMb, grownMb, isServed, ...figures }
  } finally {
    quiet.close()
    await tidemark.remove()
  }
}

const mostGrownMb = 300
