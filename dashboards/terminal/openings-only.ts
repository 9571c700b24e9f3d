import type { Anomaly } from '../../devices/wire/anomaly.ts'

/** Episodes remembered at the most; the oldest is forgotten, and would at worst be told of twice. */
const remembered = 100_000

/**
 * Lets through the opening of each episode and nothing else of it. An episode opens twice when it was
 * provisional and is then confirmed.
 */
export const openingsOnly = (): ((anomaly: Anomaly) => boolean) => {
  const open = new Set<string>()
  return ({ device, metric, detector, since, phase }) => {
    const episode = JSON.stringify([device, metric, detector, since])
    if (phase === 'closed') open.delete(episode)
    if (phase !== 'opened' || open.has(episode)) return false
    open.add(episode)
    for (const oldest of open) {
      if (open.size <= remembered) break
      open.delete(oldest)
    }
    return true
  }
}
