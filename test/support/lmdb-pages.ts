import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'

/** What an LMDB page in use is for. */
export type PageKind = 'meta' | 'branch' | 'leaf' | 'overflow' | 'free list'

export const pageBytes = 4_096

/**
 * The numbers of the pages that the newest root of a data file reaches, by kind. Reads the format of LMDB as
 * lmdb 3.5 writes it, on a machine that is little-endian.
 */
export const pagesOf = (file: string): ReadonlyMap<PageKind, readonly number[]> => {
  const bytes = readFileSync(file)
  const found = new Map<PageKind, number[]>([['meta', [0, 1]]])
  const add = (kind: PageKind, page: number): void => {
    found.set(kind, [...(found.get(kind) ?? []), page])
  }
  /** `isFree` for the tree of pages that can be written again. */
  const walk = (page: number, isFree: boolean): void => {
    const at = page * pageBytes
    const isBranch = (bytes.readUInt16LE(at + 18) & 0x01) !== 0
    add(isFree ? 'free list' : isBranch ? 'branch' : 'leaf', page)
    const nodes = bytes.readUInt16LE(at + 20) >> 1
    for (let node = 0; node < nodes; node++) {
      const start = at + headerBytes + bytes.readUInt16LE(at + headerBytes + 2 * node)
      if (isBranch) {
        walk(bytes.readUInt32LE(start) + bytes.readUInt16LE(start + 4) * 2 ** 32, isFree)
        continue
      }
      const flags = bytes.readUInt16LE(start + 4)
      const data = start + 8 + bytes.readUInt16LE(start + 6)
      if (flags & subDatabase) {
        const root = Number(bytes.readBigUInt64LE(data + 40))
        if (root < bytes.length / pageBytes) walk(root, isFree)
      }
      if (flags & onOverflowPages) add(isFree ? 'free list' : 'overflow', Number(bytes.readBigUInt64LE(data)))
    }
  }
  const transactionOf = (meta: number): bigint => bytes.readBigUInt64LE(meta * pageBytes + transactionAt)
  const newest = transactionOf(0) > transactionOf(1) ? 0 : 1
  for (const [index, at] of rootsAt.entries()) {
    const root = bytes.readBigUInt64LE(newest * pageBytes + at)
    if (root < BigInt(bytes.length / pageBytes)) walk(Number(root), index === 0)
  }
  return found
}

/** Fills the first page of this kind with `byte`; throws when there is none. */
export const overwritePage = (file: string, kind: PageKind, byte: number): void => {
  const [page] = pagesOf(file).get(kind) ?? []
  if (page === undefined) throw new Error(`${file} has no ${kind} page`)
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, Buffer.alloc(pageBytes, byte), 0, pageBytes, page * pageBytes)
  closeSync(descriptor)
}

const headerBytes = 24
/** Of the free list and of the main database, in a page with a root. */
const rootsAt = [24 + 24 + 40, 24 + 24 + 48 + 40]
const transactionAt = 24 + 24 + 96 + 8
const onOverflowPages = 0x01
const subDatabase = 0x02
