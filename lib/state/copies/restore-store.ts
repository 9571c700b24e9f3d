import { randomUUID } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import { checkLength, checkTransaction, readMark, writeMark } from '../environment/closing-mark.ts'
import { dataBytes } from '../environment/data-file.ts'
import { lastTransaction, openForCopying, openForWriting } from '../environment/environment.ts'
import { exchangeFolder, finishExchange } from '../environment/exchange-folder.ts'
import { putFacts } from '../environment/store-format.ts'
import { lockForWriting } from '../environment/writer-lock.ts'
import { journalEndIn } from '../journal/segment-file.ts'
import { lastPosition } from '../last-position.ts'
import { type Ancestor, encodeAncestors, type Lineage, sharedUpTo } from '../lineage.ts'
import { StoreDamaged } from '../rows/frame.ts'
import { type CopyOptions, copyStore, type StoreCopy } from './copy-store.ts'
import { isVacant, settleFolder } from './folder-contents.ts'

export interface RestoreOptions extends CopyOptions {
  /** The store that is there is set aside. */
  readonly force?: boolean
  /** Epochs of stores that are gone for good and whose streams this one goes on with. */
  readonly takeOver?: readonly string[]
  /** Names the restored store; a random UUID unless given. */
  readonly newEpoch?: () => string
}

export interface RestoredStore extends StoreCopy, Lineage {
  /** Absolute path. */
  readonly path: string
  /** The last position it includes. */
  readonly position: number
  /** Where the store is now that was there before, undefined when there was none. */
  readonly setAside: string | undefined
}

/**
 * Puts the store in folder `backup` into folder `store`, checked row by row, and gives it an epoch of its
 * own: what it puts out from now on is not what the store it was copied from put out after the backup, so the
 * two must not share ids. Throws when a store is there already, `StoreInUse` when one is being written there,
 * and `StoreDamaged` when the backup is not whole. Killed at any moment, it leaves the store that was there
 * or, whole, the new one to whoever opens it next.
 */
export const restoreStore = async (
  backup: string,
  store: string,
  { force = false, takeOver = [], newEpoch = randomUUID, ...options }: RestoreOptions = {},
): Promise<RestoredStore> => {
  const path = resolve(store)
  finishExchange(path)
  if (!force && !isVacant(path)) {
    throw new Error(
      `store path "${path}": there is a store already; name another data folder, or set it aside with --force`,
    )
  }
  const unlock = existsSync(path) ? lockForWriting(path) : () => {}
  const incoming = `${path}.incoming`
  let unlockIncoming = (): void => {}
  try {
    const copy = await copyBackup(backup, incoming, options)
    const followed: Lineage[] = takeOver.map((epoch) => ({ epoch }))
    const replaced = await lineageOf(path)
    const facts = await beginAnew(incoming, newEpoch(), replaced ? [replaced, ...followed] : followed)
    unlockIncoming = lockForWriting(incoming)
    settleFolder(incoming)
    const setAside = exchangeFolder(incoming, path)
    return { path, ...copy, ...facts, setAside }
  } finally {
    unlock()
    unlockIncoming()
    rmSync(incoming, { recursive: true, force: true })
  }
}

/** A backup notes where it ends: one that was cut short, or mixed from two, is refused before it is read. */
const copyBackup = async (backup: string, target: string, options: CopyOptions): Promise<StoreCopy> => {
  try {
    return await copyMarked(backup, target, options)
  } catch (error) {
    if (!(error instanceof StoreDamaged)) throw error
    throw new StoreDamaged(
      `backup "${backup}" cannot be restored: it is damaged, or no backup; use another one. ${error.message}`,
      { cause: error },
    )
  }
}

const copyMarked = async (backup: string, target: string, options: CopyOptions): Promise<StoreCopy> => {
  const mark = readMark(backup)
  if (mark) checkLength(backup, mark, dataBytes(backup))
  const environment = openForCopying(backup, { upToBytes: Number.POSITIVE_INFINITY })
  try {
    if (mark) checkTransaction(backup, mark, lastTransaction(environment))
    return await copyStore(backup, environment, target, options)
  } finally {
    await environment.root.close()
  }
}

const beginAnew = async (
  path: string,
  epoch: string,
  followed: readonly Lineage[],
): Promise<Pick<RestoredStore, 'epoch' | 'ancestors' | 'position'>> => {
  const environment = openForWriting(path)
  const position = lastPosition(path, environment)
  const inherited = [...environment.ancestors, { epoch: environment.epoch, upTo: position }]
  const known = new Set(inherited.map((ancestor) => ancestor.epoch))
  const replaced = followed
    .filter((one) => !known.has(one.epoch))
    .map((one) => ({ epoch: one.epoch, upTo: sharedUpTo(one, environment, position) }))
  const ancestors: readonly Ancestor[] = [...inherited, ...replaced]
  const { facts, root } = environment
  facts.database.transactionSync(() =>
    putFacts(facts, { epoch: Buffer.from(epoch), ancestors: encodeAncestors(ancestors) }),
  )
  const transaction = lastTransaction(environment)
  await root.close()
  writeMark(path, { transaction, bytes: dataBytes(path), journal: journalEndIn(path) })
  return { epoch, ancestors, position }
}

/** Of the store that is to be replaced, if it can still be read. */
const lineageOf = async (path: string): Promise<Lineage | undefined> => {
  if (dataBytes(path) === 0) return undefined
  try {
    const { epoch, ancestors, root } = openForCopying(path)
    await root.close()
    return { epoch, ancestors }
  } catch {
    return undefined
  }
}
