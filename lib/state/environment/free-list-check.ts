import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { StoreDamaged } from '../rows/frame.ts'
import { dataFile } from './environment.ts'

/**
 * Checks the list of pages that may be written again, as transaction number `transaction` left it. LMDB reads
 * the list only when it writes or compacts, believes what it finds, and overwrites the pages named there.
 * Knows the file format of lmdb 3 on little-endian machines; what it does not recognise is left to LMDB.
 * Throws `StoreDamaged`.
 */
export const checkFreeList = (path: string, transaction: number): void => {
  const file = openSync(join(path, dataFile), 'r')
  try {
    const root = rootOf(file, transaction)
    if (root && root.page !== nothing) new FreeList(path, file, root).check()
  } finally {
    closeSync(file)
  }
}

interface Root {
  readonly pageBytes: number
  readonly page: bigint
  readonly depth: number
  readonly entries: bigint
  readonly lastPage: bigint
}

/** From the one of two pages with roots that the transaction wrote; undefined when a later one did since. */
const rootOf = (file: number, transaction: number): Root | undefined => {
  const first = read(file, 0, rootBytes)
  const pageBytes = first.readUInt32LE(pageBytesAt)
  for (const page of [first, read(file, pageBytes, rootBytes)]) {
    if (page.readUInt32LE(headerBytes) !== magic || page.readUInt32LE(pageBytesAt) !== pageBytes) continue
    if (page.readBigUInt64LE(transactionAt) !== BigInt(transaction)) continue
    return {
      pageBytes,
      depth: page.readUInt16LE(freeListAt + 6),
      entries: page.readBigUInt64LE(freeListAt + 32),
      page: page.readBigUInt64LE(freeListAt + 40),
      lastPage: page.readBigUInt64LE(lastPageAt),
    }
  }
  return undefined
}

/** A tree of lists: its keys are transactions, each with the pages that it no longer needed. */
class FreeList {
  private readonly path: string
  private readonly file: number
  private readonly root: Root
  private entries = 0n

  constructor(path: string, file: number, root: Root) {
    this.path = path
    this.file = file
    this.root = root
  }

  check(): void {
    this.checkPage(this.root.page, this.root.depth)
    this.require(this.entries === this.root.entries, `it holds ${this.entries} lists`)
  }

  private checkPage(number: bigint, depth: number): void {
    const page = this.page(number, depth > 1 ? branchFlag : leafFlag)
    const [lower, upper] = [page.readUInt16LE(20), page.readUInt16LE(22)]
    const room = page.length - headerBytes
    this.require(lower % 2 === 0 && lower <= upper && upper <= room, `page ${number} is no page of it`)
    for (let at = headerBytes; at < headerBytes + lower; at += 2) {
      const node = headerBytes + page.readUInt16LE(at)
      this.require(node >= headerBytes + upper && node + nodeBytes <= page.length, `page ${number} has a gap`)
      if (depth > 1) this.checkPage(childIn(page, node), depth - 1)
      else this.checkNode(page, node)
    }
  }

  private checkNode(page: Buffer, node: number): void {
    const bytes = page.readUInt16LE(node) + page.readUInt16LE(node + 2) * 2 ** 16
    const at = node + nodeBytes + page.readUInt16LE(node + 6)
    const isElsewhere = (page.readUInt16LE(node + 4) & elsewhereFlag) !== 0
    this.require(at + (isElsewhere ? 8 : bytes) <= page.length, 'a list leaves its page')
    this.checkPages(isElsewhere ? this.list(page.readBigUInt64LE(at), bytes) : page.subarray(at, at + bytes))
    this.entries++
  }

  /** A list of its own pages, one behind the other. */
  private list(number: bigint, bytes: number): Buffer {
    const pages = this.page(number, overflowFlag).readUInt32LE(20)
    this.require(headerBytes + bytes <= pages * this.root.pageBytes, `page ${number} is too short`)
    return read(this.file, Number(number) * this.root.pageBytes + headerBytes, bytes)
  }

  /** The number of entries and then the entries: a page, or by a negative number how many follow from it. */
  private checkPages(list: Buffer): void {
    const count = list.length >= 8 ? list.readBigUInt64LE(0) : -1n
    this.require(count >= 0n && count * 8n + 8n <= list.length, 'a list has no end')
    for (let entry = 1; entry <= count; entry++) {
      const number = list.readBigInt64LE(8 * entry)
      this.require(number <= this.root.lastPage && -number <= this.root.lastPage, `it names page ${number}`)
    }
  }

  private page(number: bigint, flag: number): Buffer {
    this.require(number > 1n && number <= this.root.lastPage, `it names page ${number}`)
    const { pageBytes } = this.root
    const page = read(this.file, Number(number) * pageBytes, pageBytes)
    const isPage = page.readBigUInt64LE(0) === number && page.readUInt16LE(18) === flag
    this.require(isPage, `page ${number} is no page of it`)
    return page
  }

  private require(holds: boolean, fault: string): void {
    if (holds) return
    throw new StoreDamaged(
      `store path "${this.path}": the list of free pages is damaged: ${fault}. Check the disk, then restore the ` +
        'data folder from a backup, or move it away to begin with an empty store.',
    )
  }
}

const childIn = (page: Buffer, node: number): bigint =>
  BigInt(
    page.readUInt16LE(node) + page.readUInt16LE(node + 2) * 2 ** 16 + page.readUInt16LE(node + 4) * 2 ** 32,
  )

/** Zeros where the file has ended. */
const read = (file: number, at: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  readSync(file, bytes, 0, length, at)
  return bytes
}

const headerBytes = 24
const nodeBytes = 8
const magic = 0xbeefc0de
const freeListAt = headerBytes + 24
const pageBytesAt = freeListAt
const lastPageAt = freeListAt + 2 * 48
const transactionAt = lastPageAt + 8
const rootBytes = transactionAt + 8
const branchFlag = 0x01
const leafFlag = 0x02
const overflowFlag = 0x04
const elsewhereFlag = 0x01
/** LMDB's page number of a tree that is empty. */
const nothing = 0xffff_ffff_ffff_ffffn
