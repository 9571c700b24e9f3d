import { closeSync, linkSync, openSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Who holds a lock: a process number alone may belong to another process by now. */
interface Holder {
  readonly pid: number
  /** Boot and clock tick at which the process began, where the system tells; else empty. */
  readonly born: string
}

/** The name inside the folder. */
export const lockFile = 'writer.lock'

/**
 * Takes the folder at `path` for writing. Throws `StoreInUse` while a process that lives holds it; a lock
 * left by one that died is taken over. Returns the function that lets go.
 */
export const lockForWriting = (path: string): (() => void) => {
  const file = join(path, lockFile)
  const own = JSON.stringify({ pid: process.pid, born: birthOf(process.pid) } satisfies Holder)
  const draft = `${file}.${process.pid}`
  // Held open, so that no later file of that name passes for it.
  const held = openSync(draft, 'w', 0o600)
  try {
    writeFileSync(held, own)
    takePlace(path, draft)
  } catch (error) {
    closeSync(held)
    throw error
  } finally {
    unlinkSync(draft)
  }
  heldHere.add(file)
  return () => {
    if (!heldHere.delete(file)) return
    closeSync(held)
    if (readIfThere(file) === own) unlinkSync(file)
  }
}

const heldHere = new Set<string>()

const takePlace = (path: string, draft: string): void => {
  const file = join(path, lockFile)
  while (!linked(draft, file)) {
    const held = readIfThere(file)
    if (held === undefined) continue
    const holder = parseHolder(held)
    const alive = holder !== undefined && lives(holder)
    if (alive && (holder.pid !== process.pid || heldHere.has(file))) throw new StoreInUse(path, holder.pid)
    setAside(file, held)
  }
}

/** A link is made whole or not at all, and not over another. */
const linked = (draft: string, file: string): boolean => {
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

/** Moves a dead lock away. When another process was quicker and this is its new one, it is put back. */
const setAside = (file: string, expected: string): void => {
  const aside = `${file}.dead.${process.pid}`
  try {
    renameSync(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (readIfThere(aside) !== expected) linked(aside, file)
  unlinkSync(aside)
}

const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

const parseHolder = (text: string): Holder | undefined => {
  try {
    const { pid, born } = JSON.parse(text) as Partial<Holder>
    return typeof pid === 'number' && typeof born === 'string' ? { pid, born } : undefined
  } catch {
    return undefined
  }
}

const lives = ({ pid, born }: Holder): boolean => {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return birthOf(pid) === born
}

/** Field 22 of /proc/PID/stat, counted after the name, which may hold spaces and brackets itself. */
const birthOf = (pid: number): string => {
  const boot = readIfThere('/proc/sys/kernel/random/boot_id')?.trim()
  const stat = readIfThere(`/proc/${pid}/stat`)
  if (!boot || !stat) return ''
  return `${boot} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
}

/** Another process writes this store. */
export class StoreInUse extends Error {
  override readonly name = 'StoreInUse'
  /** The process that writes it. */
  readonly pid: number

  constructor(path: string, pid: number) {
    super(
      `store path "${path}": process ${pid} is writing it; stop that process, or choose another data folder`,
    )
    this.pid = pid
  }
}
