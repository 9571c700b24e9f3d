import type { Writable } from 'node:stream'

/** Writes lines to a stream whose reader may be slow, or may end before the lines do. */
export class LineOutput {
  /** Resolves with the error of the first write that failed; from then on nothing more is written. */
  readonly lost: Promise<NodeJS.ErrnoException>
  private readonly stream: Writable
  private failure: NodeJS.ErrnoException | undefined
  private drained: Promise<void> | undefined

  constructor(stream: Writable) {
    this.stream = stream
    this.lost = new Promise((resolve) => {
      // Stays: each write after the first that fails reports an error of its own.
      stream.on('error', (error) => {
        this.failure ??= error
        resolve(this.failure)
      })
    })
  }

  /**
   * Writes a line. Resolves when the next one may follow: with true, or with false when the reader has ended.
   * @throws OutputFailed when the line cannot be written for any other reason.
   */
  async print(line: string): Promise<boolean> {
    if (!this.failure) this.stream.write(`${line}\n`)
    await this.room
    if (!this.failure) return true
    this.requireEnded(this.failure)
    return false
  }

  /** Undefined while the stream takes more at once; else resolves when it does, or has failed. */
  get room(): Promise<void> | undefined {
    if (this.failure || !this.stream.writableNeedDrain) return undefined
    this.drained ??= this.untilDrained()
    return this.drained
  }

  /** Resolves when all that was written has reached the reader, or cannot. Throws as `print` does. */
  async flush(): Promise<void> {
    await new Promise<void>((resolve) => this.stream.write('', () => resolve()))
    if (this.failure) this.requireEnded(this.failure)
  }

  /** A reader that has seen enough, such as head, is not a failure; nor is a terminal that was closed. */
  private requireEnded(failure: NodeJS.ErrnoException): void {
    const isTerminal = 'isTTY' in this.stream
    if (failure.code !== 'EPIPE' && !(failure.code === 'EIO' && isTerminal)) throw new OutputFailed(failure)
  }

  private async untilDrained(): Promise<void> {
    await Promise.race([new Promise<void>((resolve) => this.stream.once('drain', resolve)), this.lost])
    this.drained = undefined
  }
}

/** Output was lost, though not because its reader ended. */
export class OutputFailed extends Error {
  override readonly name = 'OutputFailed'

  constructor({ message }: NodeJS.ErrnoException) {
    super(`the output cannot be written: ${message}; check where it is sent to, and run the command again`)
  }
}
