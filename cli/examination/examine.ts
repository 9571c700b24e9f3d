// examine.ts <folder of a store>: has LMDB read the data file there, so that damage which ends a process ends
// this one. Prints the reason when the store is damaged, and nothing when it can be opened.
import { dataBytes, lastTransaction, openForReading } from '../../lib/state/environment/environment.ts'
import { checkFreeList } from '../../lib/state/environment/free-list-check.ts'
import { checkRecordedLength } from '../../lib/state/environment/recorded-length.ts'
import { checkPages, checkRows } from '../../lib/state/environment/store-check.ts'
import { StoreDamaged } from '../../lib/state/rows/frame.ts'

/** A larger file takes too long at each start: its rows are checked as they are read. */
const rowsUpToBytes = 32 * 2 ** 20

const reasonFor = (path: string): string => {
  try {
    checkRecordedLength(path)
    const environment = openForReading(path)
    checkPages(environment)
    checkFreeList(path, lastTransaction(environment))
    if (dataBytes(path) <= rowsUpToBytes) checkRows(environment)
    return ''
  } catch (error) {
    const { message } = error as Error
    if (error instanceof StoreDamaged) return message
    if (message.includes('MDB_')) return `store path "${path}": LMDB cannot read the data file: ${message}`
    // Not damage: the command that opens the store next says it in words of its own.
    return ''
  }
}

process.stdout.write(reasonFor(process.argv[2] as string))
