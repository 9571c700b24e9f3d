/** Seconds between two lines where a line cannot be written over. */
const lineEvery = 10

/**
 * Shows how far something has got: one line that changes on a terminal, else a line now and then. On stderr.
 */
export class ProgressLine {
  private readonly terminal = process.stderr.isTTY
  private writtenAt = Number.NEGATIVE_INFINITY
  private isOpen = false

  show(text: string): void {
    if (this.terminal) {
      process.stderr.write(`\r\u001b[2K${text}`)
      this.isOpen = true
      return
    }
    const now = performance.now()
    if (now - this.writtenAt < lineEvery * 1_000) return
    this.writtenAt = now
    process.stderr.write(`${text}\n`)
  }

  /** Makes room for other output. */
  clear(): void {
    if (this.isOpen) process.stderr.write('\r\u001b[2K')
    this.isOpen = false
  }
}
