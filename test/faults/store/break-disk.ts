import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/**
 * From now on the system answers "Input/output error" when LMDB writes the root page of a transaction, and
 * when the journal is written. LMDB has a descriptor of its own for roots, the one with O_DSYNC; another file
 * takes its number and those of the journal: the memory of this process, in which nothing is at the offsets
 * that are written. Linux only.
 */
export const breakDisk = (): void => {
  const numbers = readdirSync(open).map(Number)
  const root = numbers.find(isForRoots)
  if (root === undefined) throw new Error('no descriptor with O_DSYNC: no store is open for writing')
  replace(root)
  for (const number of numbers) if (fileOf(number)?.endsWith('.log')) replace(number)
}

const replace = (number: number): void => {
  closeSync(number)
  // The system gives the lowest number that is free.
  const taken = openSync('/proc/self/mem', 'r+')
  if (taken !== number) throw new Error(`the descriptor ${number} was closed, and ${taken} opened for it`)
}

const fileOf = (number: number): string | undefined => {
  try {
    return readlinkSync(join(open, `${number}`))
  } catch {
    // The descriptor that listed them.
    return undefined
  }
}

const open = '/proc/self/fd'

const isForRoots = (number: number): boolean => {
  try {
    const flags = /^flags:\s+(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${number}`, 'utf8'))?.[1] ?? '0'
    const isSynchronous = (Number.parseInt(flags, 8) & 0o10000) !== 0
    return isSynchronous && fileOf(number)?.endsWith('/data.mdb') === true
  } catch {
    // The descriptor that listed them.
    return false
  }
}
