import type { ChildProcess } from 'node:child_process'
import {
  type FinishedChild,
  finished,
  lineFrom,
  programBeside,
  spawnTypeScript,
} from '../../support/typescript-child.ts'

export const plantStream = 'plant'
/** Names of the two stages. */
export const plantStages = ['devices', 'lines'] as const

/** The mistakes that a plant can be built with, to prove that they are found. */
export type Mutant = 'ack-before-flush'

export interface PlantOptions {
  readonly folder: string
  readonly port: number
  readonly nats: string
  /** `<crash point>:<n>`: kills itself at the nth pass. */
  readonly crashAt?: string
  readonly mutant?: Mutant
}

/** The pipeline in a process of its own. */
export class PlantProcess {
  /** Resolves when it has said that it is ready, or has ended before. */
  readonly ready: Promise<unknown>
  readonly ended: Promise<FinishedChild>
  private readonly child: ChildProcess

  /** @param program Takes the options as JSON, says "ready", and ends cleanly on SIGTERM. */
  constructor(
    options: PlantOptions,
    environment: Readonly<Record<string, string>> = {},
    program = programBeside(import.meta.url, './plant'),
  ) {
    this.child = spawnTypeScript(program, [JSON.stringify(options)], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.ended = finished(this.child)
    this.ready = lineFrom(this.child, 'ready').catch(() => {})
    const kill = (): void => void this.child.kill('SIGKILL')
    process.once('exit', kill)
    void this.ended.finally(() => process.off('exit', kill)).catch(() => {})
  }

  kill(): Promise<FinishedChild> {
    this.child.kill('SIGKILL')
    return this.ended
  }

  /** Lets it take what it holds, publish what it owes, and end. */
  stop(): Promise<FinishedChild> {
    this.child.kill('SIGTERM')
    return this.ended
  }
}
