import { flagsAt, headerBytes, numberAt, type PageFile, type PageTree } from './page-file.ts'

/** `isTree` when the value is the root of another tree. */
export type OnValue = (key: Buffer, value: Buffer, isTree: boolean) => void

export interface TreeCheckOptions {
  /** Whether the pages with rows are read too. */
  readonly leaves: boolean
  /** Compares keys as the tree does. */
  readonly compare: (one: Buffer, other: Buffer) => number
  /** Receives each row. Unless it is given, of a value on pages of its own only the ends are read. */
  readonly onValue?: OnValue | undefined
}

/**
 * Checks one B-tree: each page is in the file, is of its kind and is used once, nodes lie inside of their
 * pages, keys ascend and are where a search looks for them, and there are as many rows as its root counts.
 * Throws `StoreDamaged`.
 */
export class TreeCheck {
  private readonly file: PageFile
  private readonly tree: PageTree
  private readonly options: TreeCheckOptions
  /** One for each page that has been reached. */
  private readonly used: Uint8Array
  /** Memory for a page of each level, rows at 1. */
  private pages: readonly Buffer[] = []
  private rows = 0
  /** The key before, or the bound below the keys that follow. */
  private before: Buffer | undefined
  private isBound = false

  constructor(file: PageFile, tree: PageTree, used: Uint8Array, options: TreeCheckOptions) {
    this.file = file
    this.tree = tree
    this.used = used
    this.options = options
  }

  check(): void {
    const { page, depth, entries, name } = this.tree
    if (page !== undefined) {
      if (depth === 0 || depth > mostLevels) this.refuse(`${name} has ${depth} levels of pages`)
      this.pages = Array.from({ length: depth + 1 }, () => Buffer.allocUnsafe(this.file.pageBytes))
      this.visit(page, depth)
    }
    const isRead = this.options.leaves || page === undefined
    if (isRead && this.rows !== entries) this.refuse(`${name} counts ${entries} rows and holds ${this.rows}`)
  }

  /** Checks a page, and those below it; `levels` is how many there are. */
  private visit(number: number, levels: number): void {
    const isLeaf = levels === 1
    this.use(number, 1)
    if (isLeaf && !this.options.leaves) return
    const page = this.pages[levels]!
    this.file.read(number, 0, page)
    const [lower, upper] = [page.readUInt16LE(20), page.readUInt16LE(22)]
    const isWhole =
      numberAt(page, 0) === number &&
      page.readUInt16LE(flagsAt) === (isLeaf ? leafFlag : branchFlag) &&
      lower % 2 === 0 &&
      lower >= (isLeaf ? 2 : 4) &&
      lower <= upper &&
      upper <= page.length - headerBytes
    if (!isWhole) this.refuseAt(number, 'is not what was written')
    for (let at = headerBytes; at < headerBytes + lower; at += 2) {
      const node = headerBytes + page.readUInt16LE(at)
      const isInside = node >= headerBytes + upper && node + nodeBytes <= page.length
      const end = isInside ? node + nodeBytes + page.readUInt16LE(node + 6) : Number.POSITIVE_INFINITY
      if (end > page.length) this.refuseAt(number, 'has a row outside of it')
      const key = page.subarray(node + nodeBytes, end)
      if (isLeaf) this.visitRow(number, page, node, key)
      else this.visitChild(number, page, node, at === headerBytes ? undefined : key, levels)
    }
    // The next page is read into the same memory, and its first key is compared with the last one here.
    if (isLeaf) this.before = Buffer.from(this.before!)
  }

  /** `bound` is the least key below the child; undefined for the first one. */
  private visitChild(
    number: number,
    page: Buffer,
    node: number,
    bound: Buffer | undefined,
    levels: number,
  ): void {
    if (bound) {
      if (this.before && this.options.compare(this.before, bound) >= 0) this.refuseAt(number, unordered)
      this.before = bound
      this.isBound = true
    }
    this.visit(page.readUInt32LE(node) + page.readUInt16LE(node + 4) * 2 ** 32, levels - 1)
  }

  private visitRow(number: number, page: Buffer, node: number, key: Buffer): void {
    const order = this.before ? this.options.compare(this.before, key) : -1
    if (order > 0 || (order === 0 && !this.isBound)) this.refuseAt(number, unordered)
    this.before = key
    this.isBound = false
    this.rows++
    const length = page.readUInt32LE(node)
    const flags = page.readUInt16LE(node + 4)
    const at = key.byteOffset - page.byteOffset + key.length
    const isElsewhere = flags === elsewhereFlag
    const isKnown = flags === 0 || flags === treeFlag || isElsewhere
    const isInside = at + (isElsewhere ? referenceBytes : length) <= page.length
    if (!isKnown || !isInside) this.refuseAt(number, 'has a value outside of it')
    if (isElsewhere) this.visitValue(key, numberAt(page, at), length)
    else this.options.onValue?.(key, page.subarray(at, at + length), flags === treeFlag)
  }

  /** A value on pages of its own, one behind the other. */
  private visitValue(key: Buffer, number: number, length: number): void {
    const head = Buffer.allocUnsafe(headerBytes)
    this.use(number, 1)
    this.file.read(number, 0, head)
    const pages = head.readUInt32LE(20)
    const isWhole =
      numberAt(head, 0) === number &&
      head.readUInt16LE(flagsAt) === valueFlag &&
      headerBytes + length <= pages * this.file.pageBytes
    if (!isWhole) this.refuseAt(number, 'is not what was written')
    this.use(number + 1, pages - 1)
    if (!this.options.onValue) {
      this.file.read(number, headerBytes + length - 1, head, 1)
      return
    }
    const value = Buffer.allocUnsafe(length)
    this.file.read(number, headerBytes, value)
    this.options.onValue(key, value, false)
  }

  /** Notes that `count` pages are reached. */
  private use(first: number, count: number): void {
    const isInside = first > 1 && first + count <= this.used.length
    if (!isInside) this.refuse(`${this.tree.name} names page ${first}, which the file does not have`)
    for (let page = first; page < first + count; page++) {
      if (this.used[page] !== 0) this.refuseAt(page, 'is used twice')
      this.used[page] = 1
    }
  }

  private refuseAt(page: number, fault: string): never {
    this.refuse(`page ${page} of ${this.tree.name} ${fault}`)
  }

  private refuse(fault: string): never {
    return this.file.refuse(fault)
  }
}

const unordered = 'has keys out of order'
const nodeBytes = 8
/** Of a value on pages of its own: number of the first page, of a transaction, and of pages. */
const referenceBytes = 24
const branchFlag = 0x01
const leafFlag = 0x02
const valueFlag = 0x04
const elsewhereFlag = 0x01
const treeFlag = 0x02
/** LMDB cannot follow more. */
const mostLevels = 32
