import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * The command line of a running process, or undefined when no process has this id. Ids are used again
 * after a process ends: the command line tells whether it is still the one that was meant.
 */
export const processCommand = (pid: number): string | undefined => {
  if (!isAlive(pid)) return undefined
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process: it is there, only not ours to signal.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Empty for a process that has ended and waits for its parent to notice. */
const fromProc = (pid: number): string | undefined => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() || undefined
  } catch {
    return undefined
  }
}

const fromPs = (pid: number): string | undefined => {
  try {
    const listing = execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    return listing.trim() || undefined
  } catch {
    return undefined
  }
}
