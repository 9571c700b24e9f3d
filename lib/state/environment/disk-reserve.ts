import { BehaviorSubject } from 'rxjs'
import { type Duration, seconds } from '../../time/duration.ts'
import type { WallClock } from '../../time/wall-clock.ts'

/** Whether commits go through. `words` can be shown to a person as they are. */
export type StoreCondition =
  | { readonly state: 'ok'; readonly words: string }
  | { readonly state: 'disk low'; readonly words: string }

/** Room on the file system of the store, in bytes: `free` for this process, of `total`. */
export interface DiskRoom {
  readonly free: number
  readonly total: number
}

export interface DiskReserveOptions {
  readonly path: string
  readonly clock: WallClock
  readonly room: () => Promise<DiskRoom>
  /** Commits wait below this many free bytes, 64 MiB unless given. */
  readonly reserveBytes?: number
  /** Commits wait below this share of the disk, 0.05 unless given. */
  readonly reserveShare?: number
}

/**
 * Holds writes back before the disk is full, because LMDB has been seen to abort the process on a full one.
 * What waits is kept, and goes on by itself when there is room again.
 */
export class DiskReserve {
  readonly condition = new BehaviorSubject<StoreCondition>(allWell)
  private readonly options: DiskReserveOptions
  private lookedAt = Number.NEGATIVE_INFINITY
  private headroom = 0
  private cancelWait: (() => void) | undefined

  constructor(options: DiskReserveOptions) {
    this.options = options
  }

  /**
   * Undefined when `bytes` may be written at once; else resolves when they may. `reusable` gives the bytes
   * inside the file that is written which can be written again before it grows.
   */
  admit(bytes: number, reusable: () => number = () => 0): Promise<void> | undefined {
    this.headroom -= growth * bytes
    const age = this.options.clock.monotonic() - this.lookedAt
    return this.headroom > 0 && age < lookEvery ? undefined : this.wait(bytes, reusable)
  }

  /** Lets go of a commit that waits, so that it can be refused. */
  close(): void {
    this.cancelWait?.()
    this.condition.complete()
  }

  private async wait(bytes: number, reusable: () => number): Promise<void> {
    while (!(await this.look(bytes, reusable))) {
      await new Promise<void>((resolve) => {
        const cancel = this.options.clock.after(lookEvery, resolve)
        this.cancelWait = () => {
          cancel()
          resolve()
        }
      })
      this.cancelWait = undefined
      if (this.condition.closed || this.condition.isStopped) return
    }
  }

  private async look(bytes: number, reusable: () => number): Promise<boolean> {
    const { path, clock, room } = this.options
    const { free, total } = await room()
    const reserve = this.reserveOf(total)
    this.lookedAt = clock.monotonic()
    this.headroom = free - reserve - growth * bytes
    const low = this.headroom <= 0 && reusable() < growth * bytes + spareBytes
    const state = low ? 'disk low' : 'ok'
    if (state === 'disk low' || this.condition.value.state !== state) {
      this.condition.next(low ? { state: 'disk low', words: lowWords(path, free, reserve) } : allWell)
    }
    return !low
  }

  private reserveOf(total: number): number {
    const { reserveBytes = 64 * 2 ** 20, reserveShare = 0.05 } = this.options
    return Math.max(reserveBytes, reserveShare * total)
  }
}

const lookEvery: Duration = seconds(1)

/** A copy-on-write page holds old rows beside the new ones, so a commit may write several times its bytes. */
const growth = 4

/** Free pages are scattered, so not all of them can be used. */
const spareBytes = 16 * 2 ** 20

const allWell: StoreCondition = { state: 'ok', words: 'the store takes commits' }

const lowWords = (path: string, free: number, reserve: number): string =>
  `the disk that holds ${path} has ${megabytes(free)} free and tidemark leaves ${megabytes(reserve)} alone: ` +
  'nothing more is acknowledged until there is room. Free some space; it goes on by itself.'

const megabytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20).toLocaleString('en-US')} MiB`
