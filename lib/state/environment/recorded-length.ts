import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Duration, seconds } from '../../time/duration.ts'
import type { WallClock } from '../../time/wall-clock.ts'
import { StoreDamaged } from '../rows/frame.ts'
import { dataBytes } from './environment.ts'

/**
 * Records beside an open data file how long it is known to be. A process that was killed leaves no closing
 * mark, and the system kills every process that reads past the end of a file which has lost its end.
 */
export class RecordedLength {
  private readonly path: string
  private readonly clock: WallClock
  private lookedAt = Number.NEGATIVE_INFINITY
  private recorded: number

  constructor(path: string, clock: WallClock) {
    this.path = path
    this.clock = clock
    this.recorded = readLength(path)
  }

  /** To be called after a flush. Looks at the file at most once a second, and writes when it has grown. */
  update(): void {
    const now = this.clock.monotonic()
    if (now - this.lookedAt < lookEvery) return
    this.lookedAt = now
    const bytes = dataBytes(this.path)
    if (bytes <= this.recorded) return
    this.recorded = bytes
    try {
      writeFileSync(join(this.path, lengthFile), `${bytes}\n`, { mode: 0o600 })
    } catch {
      // A record that is missing, or is lost in a power cut, only lets a shorter file pass this check.
    }
  }
}

/** To be called before the data file is opened. Throws `StoreDamaged` when it is shorter than it was. */
export const checkRecordedLength = (path: string): void => {
  const recorded = readLength(path)
  const bytes = dataBytes(path)
  if (bytes >= recorded) return
  throw new StoreDamaged(
    `store path "${path}": the data file has ${bytes} bytes and had ${recorded}; restore the data folder from a ` +
      `backup, or, if the file is as you want it, remove "${lengthFile}" there`,
  )
}

/** 0 when nothing, or nothing whole, is recorded. */
const readLength = (path: string): number => {
  try {
    return Number(/^(\d+)\n$/.exec(readFileSync(join(path, lengthFile), 'utf8'))?.[1] ?? 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

const lengthFile = 'grown-to'

const lookEvery: Duration = seconds(1)
