import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { freePort } from '../../cli/free-port.ts'
import { endLeftoverNats } from '../../cli/nats/leftover-nats.ts'
import { type FinishedChild, finished, lineFrom, spawnTypeScript } from './typescript-child.ts'

/** What a tidemark that has started says of itself with --json. */
export interface StartedFacts {
  readonly mqtt: { readonly port: number }
  readonly nats: string
}

/** The command as a process of its own, with a data folder for each test. Leaves nothing behind. */
export class TidemarkCommand {
  folder = ''
  private started: ChildProcess[] = []

  constructor() {
    beforeEach(() => {
      this.folder = mkdtempSync(join(tmpdir(), 'tidemark-command-'))
      this.started = []
    })
    afterEach(async () => {
      for (const child of this.started) child.kill('SIGKILL')
      await endLeftoverNats(join(this.folder, 'nats'))
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 10 })
    })
  }

  spawn(args: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess {
    const { NATS_URL: _, ...outside } = process.env
    const child = spawnTypeScript(main, args, { env: { ...outside, NO_COLOR: '1', ...environment } })
    this.started.push(child)
    return child
  }

  run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<FinishedChild> {
    return finished(this.spawn(args, environment))
  }

  /** Resolves when devices can connect. */
  async start(
    args: readonly string[] = ['--no-simulate'],
    environment: Readonly<Record<string, string>> = {},
  ): Promise<{
    readonly child: ChildProcess
    readonly facts: StartedFacts
    /** What it has written to stderr so far. */
    readonly said: () => string
  }> {
    const start = ['start', '--json', '--port', `${await freePort(ownPorts)}`, '--data', this.folder, ...args]
    const child = this.spawn(start, environment)
    let said = ''
    child.stderr?.on('data', (chunk) => {
      said += chunk
    })
    const line = await lineFrom(child, '{"event":"started"').catch((error: Error) => {
      throw new Error(`${error.message}; on stderr: ${said}`)
    })
    return { child, facts: JSON.parse(line) as StartedFacts, said: () => said }
  }
}

/**
 * The first of a hundred ports that nobody else who tests here is likely to have: a device that comes back to
 * the port of a killed tidemark must not find that of another test there.
 */
const ownPorts = 22_000 + 100 * (process.pid % 100)

const main = new URL('../../cli/main.ts', import.meta.url)
