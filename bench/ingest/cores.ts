import { execFileSync } from 'node:child_process'

/**
 * Each broker has a core for itself and all of its threads, the load has another: what a broker gets done is
 * then what its CPU time allows, and not what the scheduler made of the threads of three processes.
 */
export const brokerCore = 0
const loadCore = 1

/** Arguments of `taskset`, before the command that it runs. */
export const onCore = (core: number): string[] => ['--cpu-list', String(core)]

/** Moves this process, which makes the load, off the brokers' core. */
export const leaveBrokerCore = (): void => {
  execFileSync('taskset', ['--all-tasks', '--pid', ...onCore(loadCore), String(process.pid)], {
    stdio: 'ignore',
  })
}
