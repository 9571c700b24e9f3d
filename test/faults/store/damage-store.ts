// damage-store.ts <pristine folder> <scratch folder> <first> <end>: damages copies of a store, one a seed,
// and prints what reading each one gives.
import { closeSync, cpSync, openSync, readSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { randomFrom } from '../../../lib/statistics/random.ts'
import { ProofBroken, readProof, writeNumber } from './numbered-commit.ts'

const [pristine, scratch, first, end] = process.argv.slice(2) as [string, string, string, string]

const damage = (file: string, seed: number): string => {
  const random = randomFrom(seed)
  const { size } = statSync(file)
  if (seed % 5 === 0) {
    const kept = random.below(size)
    truncateSync(file, kept)
    return `truncated to ${kept}`
  }
  if (seed % 5 === 1)
    return overwritePage(file, random.below(size / pageBytes), random.below(size / pageBytes))
  // Every fifth hits the two pages that hold the roots, which are a small part of the file.
  const at = random.below(seed % 5 === 2 ? 2 * pageBytes : size)
  const bit = random.below(8)
  const handle = openSync(file, 'r+')
  const byte = Buffer.alloc(1)
  readSync(handle, byte, 0, 1, at)
  byte[0] = (byte[0] as number) ^ (1 << bit)
  writeSync(handle, byte, 0, 1, at)
  closeSync(handle)
  return `bit ${bit} of byte ${at}`
}

/** Overwrites a page with another one of the file, or with zeros or ones. */
const overwritePage = (file: string, page: number, by: number): string => {
  const handle = openSync(file, 'r+')
  const bytes = Buffer.alloc(pageBytes, by % 4 === 0 ? 0 : 0xff)
  if (by % 2 === 1) readSync(handle, bytes, 0, pageBytes, by * pageBytes)
  writeSync(handle, bytes, 0, pageBytes, page * pageBytes)
  closeSync(handle)
  return `page ${page} overwritten by ${by % 2 === 1 ? `page ${by}` : bytes[0]}`
}

const pageBytes = 4_096

const outcome = async (folder: string): Promise<string> => {
  let store: ReturnType<typeof lmdbStore> | undefined
  try {
    store = lmdbStore(folder)
    const { number } = readProof(store)
    // LMDB reads the list of free pages only when it writes.
    for (let n = number + 1; n < number + 4; n++) await writeNumber(store, n, 5_000)
    readProof(store)
    return `reads ${number}`
  } catch (error) {
    return error instanceof ProofBroken ? `WRONG ${error.message}` : `refused ${String(error).slice(0, 120)}`
  } finally {
    await store?.close()
  }
}

for (let seed = Number(first); seed < Number(end); seed++) {
  const folder = join(scratch, String(seed))
  cpSync(pristine, folder, { recursive: true })
  writeSync(1, `${seed} ${damage(join(folder, 'data.mdb'), seed)}: `)
  writeSync(1, `${await outcome(folder)}\n`)
  rmSync(folder, { recursive: true })
}
