import { closeSync, fstatSync, openSync } from 'node:fs'
import { endianness } from 'node:os'
import { numberAt, PageFile, type PageTree, treeAt, treeBytes } from './page-file.ts'
import { type OnValue, TreeCheck } from './tree-check.ts'

export interface PageCheckOptions {
  /** Pages with rows are read in a data file up to this length, and not in a longer one. */
  readonly rowsUpToBytes: number
  /** Receives every row that is read; values are views that hold until it returns. */
  readonly onRow?: ((database: string, key: Buffer, value: Buffer) => void) | undefined
}

/**
 * Checks the two pages with roots of data file `name`, which LMDB believes when it opens the file. Throws
 * `StoreDamaged`.
 */
export const checkRoots = (name: string): void => withPages(name, () => {})

/**
 * Checks the structure of data file `name` as its last transaction left it: roots, names of databases, the
 * list of free pages, and the pages of every database. LMDB trusts all of this, and where it is damaged the
 * system may end the process. Takes 1.5 s a gigabyte. Throws `StoreDamaged`.
 *
 * While another process writes the file, a read transaction has to be open: it keeps the pages from being
 * written over.
 */
export const checkPages = (name: string, { rowsUpToBytes, onRow }: PageCheckOptions): void =>
  withPages(name, (file, size) => {
    const { free, main, lastPage } = file.snapshot!
    const used = new Uint8Array(Math.min(lastPage + 1, Math.floor(size / file.pageBytes)))
    const trees: { readonly database: string; readonly tree: PageTree }[] = []
    const onList: OnValue = (_, list) => checkList(file, list, lastPage)
    const onName: OnValue = (key, bytes, isTree) => {
      if (!isTree || bytes.length !== treeBytes) file.refuse('the list of databases is not what was written')
      const database = key.toString().replace(/\0$/, '')
      trees.push({ database, tree: treeAt(`database "${database}"`, bytes, 0) })
    }
    if (free.flags !== integerKeys) file.refuse('the list of free pages is not what was written')
    new TreeCheck(file, free, used, { leaves: true, compare: compareNumbers, onValue: onList }).check()
    const compare = Buffer.compare
    new TreeCheck(file, main, used, { leaves: true, compare, onValue: onName }).check()
    if (main.flags !== 0) file.refuse('the list of databases is not what was written')
    const leaves = size <= rowsUpToBytes
    for (const { database, tree } of trees) {
      if (tree.flags !== main.flags) file.refuse(`${tree.name} is not what was written`)
      const onValue: OnValue | undefined = onRow && ((key, value) => onRow(database, key, value))
      new TreeCheck(file, tree, used, { leaves, compare, onValue }).check()
    }
  })

/** Calls `check` unless the layout of the file is another one than LMDB's on the usual machines. */
const withPages = (name: string, check: (file: PageFile, size: number) => void): void => {
  if (endianness() !== 'LE') return
  const descriptor = openSync(name, 'r')
  try {
    const file = new PageFile(name, descriptor)
    if (file.snapshot) check(file, fstatSync(descriptor).size)
  } finally {
    closeSync(descriptor)
  }
}

/** A list of free pages: how many entries, and then each a page, or by a negative number how many follow. */
const checkList = (file: PageFile, list: Buffer, lastPage: number): void => {
  const count = list.length >= 8 ? numberAt(list, 0) : Number.POSITIVE_INFINITY
  if (count * 8 + 8 > list.length) file.refuse('a list of free pages has no end')
  for (let at = 8; at <= 8 * count; at += 8) {
    const entry = Number(list.readBigInt64LE(at))
    if (Math.abs(entry) > lastPage) file.refuse(`a list of free pages names page ${entry}`)
  }
}

const integerKeys = 0x08

/** Keys of the list of free pages are numbers of transactions. */
const compareNumbers = (one: Buffer, other: Buffer): number =>
  one.length === 8 && other.length === 8 ? numberAt(one, 0) - numberAt(other, 0) : 1
