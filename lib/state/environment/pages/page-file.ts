import { readSync } from 'node:fs'
import { StoreDamaged } from '../../rows/frame.ts'

/** A B-tree in the data file, as its root is recorded. */
export interface PageTree {
  readonly name: string
  /** How LMDB sorts and repeats keys; 0 unless the tree is the list of free pages. */
  readonly flags: number
  readonly depth: number
  readonly entries: number
  /** Number of its first page; undefined when the tree is empty. */
  readonly page: number | undefined
}

/** The last transaction of a data file. */
export interface Snapshot {
  readonly lastPage: number
  /** The pages that can be written again. */
  readonly free: PageTree
  /** The named databases. */
  readonly main: PageTree
}

/**
 * The data file of a store, read without LMDB: two pages with roots, then pages of B-trees. Knows version 2
 * of the format of LMDB, on machines that are little-endian.
 */
export class PageFile {
  /** Undefined when the file has another version of the format. */
  readonly snapshot: Snapshot | undefined
  readonly pageBytes: number
  private readonly name: string
  private readonly descriptor: number

  /** Throws `StoreDamaged` when the pages with roots are not what LMDB wrote. */
  constructor(name: string, descriptor: number) {
    this.name = name
    this.descriptor = descriptor
    const first = Buffer.alloc(rootBytes)
    const second = Buffer.alloc(rootBytes)
    const length = readSync(descriptor, first, 0, rootBytes, 0)
    this.require(
      length === rootBytes && first.readUInt32LE(magicAt) === magic,
      'it is not a data file of LMDB',
    )
    this.pageBytes = first.readUInt32LE(pageBytesAt)
    if (first.readUInt16LE(versionAt) !== knownVersion) return
    this.require(pageSizes.includes(this.pageBytes), `it gives its pages ${this.pageBytes} bytes`)
    this.read(1, 0, second)
    this.requireRoot(first, 0)
    this.requireRoot(second, 1)
    const [last, transaction] = newestOf(first, second)
    const lastPage = numberAt(last, lastPageAt)
    this.require(lastPage > 0 && Number.isSafeInteger(transaction), 'it names no last page')
    this.snapshot = {
      lastPage,
      free: treeAt('the list of free pages', last, freeTreeAt),
      main: treeAt('the list of databases', last, mainTreeAt),
    }
  }

  /** Fills `target` with bytes of a page, from byte `at` on. Throws `StoreDamaged` when the file ends. */
  read(page: number, at: number, target: Buffer, length = target.length): void {
    const bytes = readSync(this.descriptor, target, 0, length, page * this.pageBytes + at)
    this.require(bytes === length, `it ends within page ${page}`)
  }

  /** Throws `StoreDamaged` with `fault` unless `holds`. */
  require(holds: boolean, fault: string): void {
    if (!holds) this.refuse(fault)
  }

  /** Throws `StoreDamaged` with `fault`. */
  refuse(fault: string): never {
    throw new StoreDamaged(
      `data file "${this.name}": ${fault}. Check the disk, then restore the data folder from a backup, or move ` +
        'it away to begin with an empty store',
    )
  }

  private requireRoot(page: Buffer, number: number): void {
    const holds =
      numberAt(page, 0) === number &&
      page.readUInt16LE(flagsAt) === rootFlag &&
      page.readUInt32LE(magicAt) === magic &&
      page.readUInt16LE(versionAt) === knownVersion &&
      page.readUInt32LE(pageBytesAt) === this.pageBytes
    this.require(holds, `page ${number}, which has the roots, is not what was written`)
  }
}

/** The tree whose root is recorded at `at`. */
export const treeAt = (name: string, bytes: Buffer, at: number): PageTree => ({
  name,
  flags: bytes.readUInt16LE(at + 4),
  depth: bytes.readUInt16LE(at + 6),
  entries: numberAt(bytes, at + 32),
  page: bytes.readBigUInt64LE(at + 40) === noPage ? undefined : numberAt(bytes, at + 40),
})

/** A number of eight bytes. One that is damaged may be rounded, and is still too large. */
export const numberAt = (bytes: Buffer, at: number): number =>
  bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32

/** Bytes of a recorded root. */
export const treeBytes = 48
export const headerBytes = 24
export const flagsAt = 18

const newestOf = (first: Buffer, second: Buffer): [Buffer, number] => {
  const [one, other] = [numberAt(first, transactionAt), numberAt(second, transactionAt)]
  return one >= other ? [first, one] : [second, other]
}

const magic = 0xbeefc0de
const knownVersion = 2
const rootFlag = 0x08
const noPage = 0xffff_ffff_ffff_ffffn
const magicAt = headerBytes
const versionAt = magicAt + 4
const freeTreeAt = versionAt + 20
/** LMDB keeps the length of a page where the tree of free pages would have the length of a key. */
const pageBytesAt = freeTreeAt
const mainTreeAt = freeTreeAt + treeBytes
const lastPageAt = mainTreeAt + treeBytes
const transactionAt = lastPageAt + 8
const rootBytes = transactionAt + 8
const pageSizes = [512, 1_024, 2_048, 4_096, 8_192, 16_384, 32_768, 65_536]
