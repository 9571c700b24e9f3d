import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { PageFolder } from './page-folder.ts'
import type { ShownBlock } from './shown-block.ts'

const limitMs = 60_000

/** One block of commands, run by a shell of its own, which is a process group as it is in a terminal. */
export class Shell {
  printed = ''
  private child: ChildProcess | undefined
  private ended: Promise<number | NodeJS.Signals | null> = Promise.resolve(0)
  private readonly block: ShownBlock
  private readonly folder: PageFolder

  constructor(block: ShownBlock, folder: PageFolder) {
    this.block = block
    this.folder = folder
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null
  }

  /** Until it has ended, or its mark says that it is far enough. Says in words what went wrong. */
  async run(): Promise<string | undefined> {
    const { marks } = this.block
    this.begin()
    const awaited = this.folder.inPlace(marks.get('until') ?? marks.get('stays') ?? '')
    const deadline = Date.now() + limitMs
    while (Date.now() < deadline) {
      const end = await Promise.race([this.ended, wait(50, 'running')])
      if (awaited !== '' && (await this.isFarEnough(awaited))) {
        return marks.has('stays') ? undefined : this.interrupt()
      }
      if (end === 'running') continue
      if (awaited !== '') return `it ended before there was "${awaited}"`
      return end === 0 ? undefined : `it ended with ${end}`
    }
    this.signal('SIGKILL')
    await this.ended
    if (awaited !== '') return `within ${limitMs / 1_000} s there was no "${awaited}"`
    return `it goes on for more than ${limitMs / 1_000} s; if it is to, mark it with until or stays`
  }

  /** As Ctrl-C does. Says in words what went wrong; what the page has killed itself is in order. */
  async interrupt(): Promise<string | undefined> {
    if (!this.isRunning && ['SIGKILL', 137].includes((await this.ended) ?? 0)) return undefined
    this.signal('SIGINT')
    const end = await Promise.race([this.ended, wait(10_000, 'running')])
    if (end === 'running') this.signal('SIGKILL')
    await this.ended
    const isOrderly = end === 0 || end === 'SIGINT' || end === 130
    return isOrderly ? undefined : `${this.block.place}: after Ctrl-C it ended with ${end}:\n${this.printed}`
  }

  private begin(): void {
    const { path: cwd, environment: env, inPlace } = this.folder
    const script = inPlace(`${this.block.marks.get('given') ?? ''}\n${this.block.code}`)
    const child = spawn('bash', ['-eo', 'pipefail', '-c', script], {
      ...{ cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        this.printed += chunk
      })
    }
    this.child = child
    this.ended = new Promise((resolve) => child.once('close', (exit, signal) => resolve(exit ?? signal)))
  }

  private async isFarEnough(awaited: string): Promise<boolean> {
    const [, port] = /^port (\d+)$/.exec(awaited) ?? []
    return port === undefined ? new RegExp(awaited).test(this.printed) : answers(Number(port))
  }

  private signal(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.child!.pid!, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
