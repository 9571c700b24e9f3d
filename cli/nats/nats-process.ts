import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One run of the nats-server program, from its start to its end. */
export interface NatsProcess {
  readonly pid: number | undefined
  /** In words how it ended, or undefined while it runs. */
  readonly end: string | undefined
  /** Resolves when it has ended, or could not be started. Never rejects. */
  readonly ended: Promise<void>
  kill(signal: 'SIGTERM' | 'SIGKILL'): void
}

/** Starts the program with `nats.conf` in `folder`; writes its process id to `nats.pid` there. */
export const launchNats = (program: string, folder: string): NatsProcess => {
  const log = openSync(join(folder, 'nats.log'), 'a', 0o600)
  const args = ['-c', join(folder, 'nats.conf')]
  const child = spawn(program, args, { stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  // At once, and again by the server itself: a parent killed right here still leaves a trace of its child.
  if (child.pid !== undefined) writeFileSync(join(folder, 'nats.pid'), String(child.pid))
  let end: string | undefined
  const ended = new Promise<void>((resolve) => {
    const finish = (how: string): void => {
      end ??= how
      resolve()
    }
    child.once('error', (error) => finish(error.message))
    child.once('exit', (code, signal) => finish(signal ?? `exit code ${code}`))
  })
  return {
    pid: child.pid,
    get end() {
      return end
    },
    ended,
    kill: (signal) => void child.kill(signal),
  }
}

/** The last lines the server wrote, for a message about why it does not start. */
export const natsLogTail = (folder: string): string =>
  readFileSync(join(folder, 'nats.log'), 'utf8').trimEnd().split('\n').slice(-5).join('\n')
