import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNatsServer } from '../../cli/nats/find-nats-server.ts'

/** A real nats-server with JetStream, on a port and a store folder of its own. For tests only. */
export interface NatsServer {
  readonly address: string
  /** Starts it again on the same port and the same store. */
  start(): Promise<void>
  stop(): Promise<void>
  kill(): Promise<void>
  /** SIGSTOP and SIGCONT: connections stay open, and nobody answers. */
  freeze(): void
  thaw(): void
  /** Remembers what is on its disk now; it must not be running. */
  snapshot(): void
  /** Puts back what `snapshot` saw, as a power cut does with what was never synced. */
  restore(): void
  /** Deletes all it has on its disk; it must not be running. */
  wipe(): void
  /** Kills it and removes its folder. */
  remove(): Promise<void>
}

/** `settings` is added to the command line, such as `['-c', file]`. */
export const startNatsServer = async (settings: readonly string[] = []): Promise<NatsServer> => {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-nats-'))
  const store = join(folder, 'store')
  const saved = join(folder, 'saved')
  const port = await unusedPort()
  let child: ChildProcess | undefined

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = child
    child = undefined
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
    const exited = once(ending, 'exit')
    ending.kill(signal)
    await exited
  }
  const server: NatsServer = {
    address: `127.0.0.1:${port}`,
    async start() {
      child = spawn(
        findNatsServer() ?? 'nats-server',
        ['-js', '-sd', store, '-a', '127.0.0.1', '-p', `${port}`, ...settings],
        {
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      )
      killAtExit(child)
      await untilReady(child)
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    snapshot: () => cpSync(store, saved, { recursive: true }),
    restore() {
      rmSync(store, { recursive: true, force: true })
      cpSync(saved, store, { recursive: true })
    },
    wipe: () => rmSync(store, { recursive: true, force: true }),
    async remove() {
      await end('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await server.start()
  return server
}

const untilReady = (child: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    let log = ''
    child.stderr?.on('data', (chunk) => {
      if (log.length < 100_000) log += chunk
      if (log.includes('Server is ready')) resolve()
    })
    child.once('error', reject)
    child.once('exit', (code, signal) =>
      reject(new Error(`nats-server ended with ${code ?? signal}:\n${log}`)),
    )
  })

function killAtExit(child: ChildProcess): void {
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
}

const unusedPort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
