import { createWriteStream, type WriteStream } from 'node:fs'
import type { LeftOut } from '../../dashboards/left-out-feed.ts'
import { openingsOnly } from '../../dashboards/terminal/openings-only.ts'
import type { Anomaly } from '../../devices/wire/anomaly.ts'

/** Kept of what can be without end. */
const kept = 5

/** What came of a recording that was played: counted, and the little of it that a person wants to see. */
export class Findings {
  anomalies = 0
  /** Each counted once. */
  episodes = 0
  withdrawn = 0
  readonly leftOut: Record<LeftOut['kind'], number> = { late: 0, quarantined: 0, dead: 0 }
  /** False when nobody looked for a while. */
  isComplete = true
  /** The openings with the highest scores, by time. */
  strongest: readonly Anomaly[] = []
  /** The first few. */
  readonly examples: Omit<LeftOut, 'time'>[] = []
  private readonly isNews = openingsOnly()
  private readonly file: WriteStream | undefined
  private failure: Error | undefined

  /** @param path Of a file to write each anomaly to, one JSON object a line; what is there is replaced. */
  constructor(path?: string) {
    this.file = path === undefined ? undefined : createWriteStream(path, { mode: 0o600 })
    this.file?.on('error', (error) => {
      this.failure = error
    })
  }

  readonly add = (anomaly: Anomaly): void => {
    this.anomalies++
    if (anomaly.status === 'withdrawn') this.withdrawn++
    if (this.isNews(anomaly)) {
      this.episodes++
      this.strongest = [...this.strongest, anomaly]
        .sort((one, other) => Math.abs(other.score) - Math.abs(one.score))
        .slice(0, kept)
        .sort((one, other) => one.time - other.time)
    }
    this.file?.write(`${JSON.stringify(anomaly)}\n`)
  }

  readonly addLeftOut = ({ kind, device, reason, value }: Omit<LeftOut, 'time'>): void => {
    this.leftOut[kind]++
    if (this.examples.length < kept) this.examples.push({ kind, device, reason, value })
  }

  /** Resolves when all anomalies are in the file; rejects when they could not be written. */
  close(): Promise<void> {
    const { file } = this
    if (!file) return Promise.resolve()
    const failed = (error: Error): Error => new Error(`anomalies cannot be written: ${error.message}`)
    return new Promise((resolve, reject) => {
      if (this.failure) reject(failed(this.failure))
      file.once('error', (error) => reject(failed(error)))
      file.end(() => resolve())
    })
  }
}
