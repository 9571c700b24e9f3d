import { closeSync, openSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/**
 * From now on the system answers "Input/output error" when LMDB writes the root page of a transaction. LMDB
 * has a descriptor of its own for that, the one with O_DSYNC; another file takes its number, the memory of
 * this process, in which nothing is at the offsets of those pages. Linux only.
 */
export const breakDisk = (): void => {
  const number = readdirSync(open).map(Number).find(isForRoots)
  if (number === undefined) throw new Error('no descriptor with O_DSYNC: no store is open for writing')
  closeSync(number)
  // The system gives the lowest number that is free.
  const taken = openSync('/proc/self/mem', 'r+')
  if (taken !== number) throw new Error(`the descriptor ${number} was closed, and ${taken} opened for it`)
}

const open = '/proc/self/fd'

const isForRoots = (number: number): boolean => {
  try {
    const flags = /^flags:\s+(\d+)/m.exec(readFileSync(`/proc/self/fdinfo/${number}`, 'utf8'))?.[1] ?? '0'
    const isSynchronous = (Number.parseInt(flags, 8) & 0o10000) !== 0
    return isSynchronous && readlinkSync(join(open, `${number}`)).endsWith('/data.mdb')
  } catch {
    // The descriptor that listed them.
    return false
  }
}
