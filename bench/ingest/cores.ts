import { execFileSync } from 'node:child_process'
import { cpus } from 'node:os'

/**
 * Gives a broker, with all its threads, the first core to itself, and the load the others: then what the
 * broker does costs it time, whichever of its threads does it, and the load takes nothing from it. Where the
 * system offers no such thing (no `taskset`, a single core) both run where they like.
 */
export const pinBroker = (pid: number): boolean => pin(pid, '0')

/** @see pinBroker */
export const pinLoad = (): boolean => pin(process.pid, `1-${cpus().length - 1}`)

const pin = (pid: number, cores: string): boolean => {
  if (cpus().length < 2) return false
  try {
    execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
