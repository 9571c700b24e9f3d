import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { pinBroker } from './cores.ts'
import { Load, type LoadOptions } from './load.ts'
import type { Usage } from './target.ts'

/** What one broker did under load for a while. */
export interface Turn {
  readonly acksPerSecond: number
  readonly cpuMicrosPerAck: number
  /** CPU time as a share of the time: of the process if it has a core to itself, else of its main thread. */
  readonly coreBusy: number
}

/** A broker in a process of its own, and the load that is put on it. */
export class BrokerProcess {
  readonly port: number
  readonly load: Load
  readonly nats: string | undefined
  /** Whether it has a core to itself. */
  readonly isPinned: boolean
  private readonly child: ChildProcess

  /** With the size of young generation that the command runs with, whichever broker it is. */
  static async start(
    program: string,
    args: readonly string[],
    load: Omit<LoadOptions, 'port'>,
  ): Promise<BrokerProcess> {
    const module = fileURLToPath(new URL(`./${program}.js`, import.meta.url))
    const child = fork(module, [...args], { execArgv: ['--max-semi-space-size=64'] })
    const failed = once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`${program} ended with ${code}`)),
    )
    const [{ port, nats }] = (await Promise.race([once(child, 'message'), failed])) as [
      { port: number; nats?: string },
    ]
    return new BrokerProcess(child, port, await Load.open({ port, ...load }), nats)
  }

  private constructor(child: ChildProcess, port: number, load: Load, nats: string | undefined) {
    this.child = child
    this.port = port
    this.load = load
    this.nats = nats
    this.isPinned = pinBroker(child.pid!)
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

  /** Wakes it, loads it for a while, measures, and pauses it again. */
  async turn(window: number, warmUpMs: number, measureMs: number): Promise<Turn> {
    this.resume()
    this.load.keep(window)
    await elapse(warmUpMs)
    const [before, acksBefore, start] = [await this.usage(), this.load.acknowledged, performance.now()]
    await elapse(measureMs)
    const [after, acksAfter, end] = [await this.usage(), this.load.acknowledged, performance.now()]
    this.load.keep(0)
    await elapse(settleMs)
    this.pause()
    const acks = acksAfter - acksBefore
    const used = this.isPinned
      ? after.processMicros - before.processMicros
      : after.mainMicros - before.mainMicros
    return {
      acksPerSecond: (acks / (end - start)) * 1_000,
      cpuMicrosPerAck: (after.processMicros - before.processMicros) / acks,
      coreBusy: used / 1_000 / (end - start),
    }
  }

  async stop(): Promise<void> {
    this.resume()
    this.load.close()
    const exited = once(this.child, 'exit')
    this.child.disconnect()
    await exited
  }

  private async usage(): Promise<Usage> {
    const answered = once(this.child, 'message')
    this.child.send('usage')
    const [usage] = await answered
    return usage as Usage
  }
}

/** For what is in flight to be acknowledged. */
const settleMs = 1_500

export const elapse = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
