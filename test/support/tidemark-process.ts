import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../../cli/free-port.ts'
import { endLeftoverNats } from '../../cli/nats/leftover-nats.ts'
import {
  type FinishedChild,
  finished,
  lineFrom,
  programBeside,
  typeScriptCommand,
} from './typescript-child.ts'

export interface TidemarkProcessOptions {
  /** Added to `start --no-simulate --json`. */
  readonly args?: readonly string[]
  /** Added to the environment, from which NATS_URL is removed. */
  readonly environment?: Readonly<Record<string, string>>
  /** A data folder to keep; one of its own, removed by `remove`, unless given. */
  readonly folder?: string
  readonly port?: number
  /** How many files and sockets the process may open; as many as this one unless given. */
  readonly openFiles?: number
}

/** The facts of the `started` line. */
export interface StartedLine {
  readonly mqtt: { readonly host: string; readonly port: number }
  readonly nats: string
}

/**
 * A real `tidemark start --no-simulate --json`, with a data folder of its own and on a free port. `remove`
 * ends it and its NATS server and deletes the folder.
 */
export class TidemarkProcess {
  readonly folder: string
  readonly port: number
  /** Moment at which the process was spawned, of `performance.now()`. */
  readonly spawnedAt = performance.now()
  /** Lines of stdout and of stderr so far. */
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  /** Resolves with the `started` line; rejects when the process ends before it. */
  readonly started: Promise<StartedLine>
  readonly ended: Promise<FinishedChild>
  private readonly child: ChildProcess
  private readonly ownsFolder: boolean

  /** Resolves when devices can connect. */
  static async start(options: TidemarkProcessOptions = {}): Promise<TidemarkProcess> {
    const tidemark = await TidemarkProcess.spawn(options)
    await tidemark.started.catch(async (error: Error) => {
      await tidemark.remove()
      throw error
    })
    return tidemark
  }

  /** Spawns the process and does not wait for it. */
  static async spawn(options: TidemarkProcessOptions = {}): Promise<TidemarkProcess> {
    return new TidemarkProcess(options, options.port ?? (await freePort(ownPorts)))
  }

  private constructor(options: TidemarkProcessOptions, port: number) {
    this.port = port
    this.ownsFolder = options.folder === undefined
    this.folder = options.folder ?? mkdtempSync(join(tmpdir(), 'tidemark-process-'))
    const { NATS_URL: _, ...outside } = process.env
    const start = ['start', '--no-simulate', '--json', '--port', `${port}`, '--data', this.folder]
    const [node, line] = typeScriptCommand(main, [...start, ...(options.args ?? [])])
    const limit = options.openFiles === undefined ? '' : `ulimit -n ${options.openFiles}; `
    this.child = spawn('sh', ['-c', `${limit}exec "$0" "$@"`, node, '--max-semi-space-size=64', ...line], {
      env: { ...outside, NO_COLOR: '1', ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.stdout = linesOf(this.child.stdout!)
    this.stderr = linesOf(this.child.stderr!)
    this.ended = finished(this.child)
    this.started = lineFrom(this.child, '{"event":"started"').then(
      (line) => JSON.parse(line) as StartedLine,
      (error: Error) => Promise.reject(new Error(`${error.message}; on stderr: ${this.stderr.join('\n')}`)),
    )
    this.started.catch(() => {})
    // SIGTERM, because the process ends its NATS server itself.
    const end = (): void => void this.child.kill('SIGTERM')
    process.once('exit', end)
    void this.ended.finally(() => process.off('exit', end)).catch(() => {})
  }

  get pid(): number {
    return this.child.pid!
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** Resident memory in bytes; NaN where /proc does not exist. */
  get residentBytes(): number {
    return 1_024 * this.proc('status', /VmRSS:\s+(\d+)/)
  }

  /** The most resident memory so far, in bytes; NaN where /proc does not exist. */
  get peakResidentBytes(): number {
    return 1_024 * this.proc('status', /VmHWM:\s+(\d+)/)
  }

  /** Bytes that the process has caused to be written to disks; NaN where /proc does not exist. */
  get writtenBytes(): number {
    return this.proc('io', /^write_bytes: (\d+)/m)
  }

  /** Resolves with the first line of stderr that matches, also an earlier one; undefined after `limitMs`. */
  async notice(pattern: RegExp, limitMs = 5_000): Promise<string | undefined> {
    for (let waited = 0; ; waited += 20) {
      const found = this.stderr.find((line) => pattern.test(line))
      if (found !== undefined || waited >= limitMs) return found
      await wait(20)
    }
  }

  /** Ends the reader of its output, as `head` does once it has read enough. */
  closeStdout(): void {
    this.child.stdout?.destroy()
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  /** Ends it as a crash does; its NATS server and its folder stay. */
  kill(): Promise<FinishedChild> {
    this.child.kill('SIGKILL')
    return this.ended
  }

  /** Ends it in order. */
  stop(): Promise<FinishedChild> {
    this.child.kill('SIGTERM')
    return this.ended
  }

  /** Kills it and its NATS server, and deletes its folder unless it was given one. */
  async remove(): Promise<void> {
    await this.kill()
    await endLeftoverNats(join(this.folder, 'nats'))
    if (this.ownsFolder) rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 })
  }

  private proc(file: string, pattern: RegExp): number {
    try {
      return Number(pattern.exec(readFileSync(`/proc/${this.pid}/${file}`, 'utf8'))?.[1])
    } catch {
      return Number.NaN
    }
  }
}

/** Appends each line to the returned array as it arrives. */
const linesOf = (stream: NodeJS.ReadableStream): string[] => {
  const lines: string[] = []
  let rest = ''
  stream.on('data', (chunk) => {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop()!
    lines.push(...parts)
  })
  return lines
}

/** The first of 90 ports that no other test process is likely to use. */
const ownPorts = 10_000 + 90 * (process.pid % 100)

const main = programBeside(import.meta.url, '../../cli/main')
