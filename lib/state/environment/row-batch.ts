import { checksum } from '../rows/checksum.ts'
import { frameBytes } from '../rows/frame.ts'
import type { Table } from './table.ts'

/**
 * The rows of one commit, framed side by side in one buffer: LMDB takes the address of a buffer once, and
 * one checksum runs over key and value together. The buffer is used again for the next commit.
 */
export class RowBatch {
  private buffer = Buffer.allocUnsafeSlow(smallestBuffer)
  private at = 0
  private readonly tables: Table[] = []
  private readonly keys: Buffer[] = []
  private readonly values: Buffer[] = []
  private readonly removed: { readonly table: Table; readonly key: Buffer }[] = []

  get rows(): number {
    return this.keys.length
  }

  get bytes(): number {
    return this.at
  }

  /** Forgets the rows of before and makes room for rows whose keys and values take up to `bytes`. */
  begin(bytes: number): void {
    this.at = 0
    this.tables.length = 0
    this.keys.length = 0
    this.values.length = 0
    this.removed.length = 0
    const held = this.buffer.length
    if (bytes > held || (held > largestKept && bytes <= largestKept)) {
      this.buffer = Buffer.allocUnsafeSlow(Math.max(smallestBuffer, 2 ** Math.ceil(Math.log2(bytes))))
    }
  }

  /** Adds a row. `writeKey` writes the key from an offset on and returns where it ends. */
  add(table: Table, writeKey: (target: Uint8Array, start: number) => number, bytes: Uint8Array): void {
    const { buffer, at: start } = this
    const keyEnd = writeKey(buffer, start)
    buffer.set(bytes, keyEnd)
    const valueEnd = keyEnd + bytes.length
    const end = buffer.writeUInt32BE(checksum(buffer, start, valueEnd, table.seed), valueEnd)
    this.tables.push(table)
    this.keys.push(buffer.subarray(start, keyEnd))
    this.values.push(buffer.subarray(keyEnd, end))
    this.at = end
  }

  /** Has the row of a key removed before those of this batch are put. */
  remove(table: Table, writeKey: (target: Uint8Array, start: number) => number): void {
    const start = this.at
    this.at = writeKey(this.buffer, start)
    this.removed.push({ table, key: this.buffer.subarray(start, this.at) })
  }

  /** Hands every row to LMDB. To be called inside a batch. */
  put(): void {
    for (const { table, key } of this.removed) void table.database.remove(key)
    for (let i = 0; i < this.keys.length; i++) {
      const { database } = this.tables[i] as Table
      void database.put(this.keys[i] as Buffer, this.values[i] as Buffer)
    }
  }
}

/** What a row takes beside its key and its value. */
export const rowOverhead = frameBytes

const smallestBuffer = 64 * 1024
const largestKept = 32 * 1024 * 1024
