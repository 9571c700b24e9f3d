import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { pinBroker } from './cores.ts'
import type { Usage } from './target.ts'

export interface BrokerProcessOptions {
  readonly args?: readonly string[]
  /** It gets a core to itself, where the system offers that. True unless given. */
  readonly onOneCore?: boolean
}

/** A broker in a process of its own. */
export class BrokerProcess {
  readonly port: number
  readonly nats: string | undefined
  /** Whether it has a core to itself. */
  readonly isPinned: boolean
  private readonly child: ChildProcess

  /** With the size of young generation that the command runs with, whichever broker it is. */
  static async start(
    program: 'tidemark' | 'bare-aedes',
    options: BrokerProcessOptions = {},
  ): Promise<BrokerProcess> {
    const module = fileURLToPath(new URL(`./${program}.js`, import.meta.url))
    const child = fork(module, [...(options.args ?? [])], { execArgv: ['--max-semi-space-size=64'] })
    const failed = once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`${program} ended with ${code}`)),
    )
    const [{ port, nats }] = (await Promise.race([once(child, 'message'), failed])) as [
      { port: number; nats?: string },
    ]
    return new BrokerProcess(child, port, nats, options.onOneCore ?? true)
  }

  private constructor(child: ChildProcess, port: number, nats: string | undefined, onOneCore: boolean) {
    this.child = child
    this.port = port
    this.nats = nats
    this.isPinned = onOneCore && pinBroker(child.pid!)
    child.on('exit', (code) => {
      if (code !== 0) throw new Error(`a broker ended with ${code}`)
    })
  }

  /** Stands still until `resume`: what it still has to save would be done in another's turn. */
  pause(): void {
    this.child.kill('SIGSTOP')
  }

  resume(): void {
    this.child.kill('SIGCONT')
  }

  async usage(): Promise<Usage> {
    const answered = once(this.child, 'message')
    this.child.send('usage')
    const [usage] = await answered
    return usage as Usage
  }

  async stop(): Promise<void> {
    this.resume()
    const exited = once(this.child, 'exit')
    this.child.disconnect()
    await exited
  }
}

export const elapse = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
