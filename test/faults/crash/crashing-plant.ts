import type { FinishedChild } from '../../support/typescript-child.ts'
import type { PowerCut } from '../power-cut/power-cut.ts'
import type { End } from './crash-schedule.ts'
import { type PlantOptions, PlantProcess } from './plant-process.ts'
import type { ResendingClient } from './resending-client.ts'

/** The plant ended by itself when it should not have, or not when it should. */
export class PlantFailed extends Error {
  override readonly name = 'PlantFailed'
}

/** Starts the plant again and again on the same folder, and brings it down each time. */
export class CrashingPlant {
  /** Writes that power cuts took back. */
  dropped = 0
  private readonly options: Omit<PlantOptions, 'crashAt'>
  private readonly clients: readonly ResendingClient[]
  private readonly disk: PowerCut | undefined
  private readonly losesUnsynced: boolean
  private readonly program: URL | undefined

  constructor(
    options: Omit<PlantOptions, 'crashAt'>,
    clients: readonly ResendingClient[],
    disk: PowerCut | undefined,
    losesUnsynced: boolean,
    program?: URL,
  ) {
    this.options = options
    this.clients = clients
    this.disk = disk
    this.losesUnsynced = losesUnsynced
    this.program = program
  }

  get acknowledged(): number {
    return this.clients.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
  }

  get resent(): number {
    return this.clients.reduce((sum, { resent }) => sum + resent, 0)
  }

  async bringDown(end: End): Promise<void> {
    const crashAt = 'pass' in end ? { crashAt: `${end.at}:${end.pass}` } : {}
    const process = new PlantProcess({ ...this.options, ...crashAt }, this.disk?.environment, this.program)
    if ('pass' in end) await killedAt(end.at, process)
    else {
      if (end.at !== 'start') await Promise.race([process.ready, process.ended])
      const early = await within(end.afterMs, process.ended)
      if (early) throw new PlantFailed(`the plant ended before it was killed: ${wordsOf(early)}`)
      await (end.at === 'work, cleanly' ? stopped(process) : process.kill())
    }
    const undone = this.losesUnsynced ? this.disk?.cut() : undefined
    for (const { writes } of undone ?? []) this.dropped += writes
  }

  /** All that was published is acknowledged, and the plant ends by itself. */
  async finish(): Promise<void> {
    const process = new PlantProcess(this.options, this.disk?.environment, this.program)
    const finished = Promise.all(this.clients.map((client) => client.finish()))
    const early = await Promise.race([finished, process.ended])
    if (!Array.isArray(early))
      throw new PlantFailed(`the plant ended by itself: ${wordsOf(early as FinishedChild)}`)
    await stopped(process)
  }
}

const longest = 60_000

/** It kills itself at the point it was armed for, and nowhere else. */
const killedAt = async (point: string, process: PlantProcess): Promise<void> => {
  const end = await within(longest, process.ended)
  if (end?.signal === 'SIGKILL') return
  if (end) throw new PlantFailed(`the plant ended before "${point}": ${wordsOf(end)}`)
  await process.kill()
  throw new PlantFailed(`the plant did not pass "${point}" often enough in ${longest} ms`)
}

const stopped = async (process: PlantProcess): Promise<void> => {
  const end = (await within(longest, process.stop())) ?? (await process.kill())
  if (end.code !== 0) throw new PlantFailed(`the plant did not end cleanly: ${wordsOf(end)}`)
}

const within = <T>(ms: number, promise: Promise<T>): Promise<T | undefined> => {
  let cancel = (): void => {}
  const late = new Promise<undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms)
    cancel = () => clearTimeout(timer)
  })
  return Promise.race([promise, late]).finally(() => cancel())
}

const wordsOf = ({ code, signal, stderr }: FinishedChild): string =>
  `${code ?? signal}\n${stderr.slice(-2_000)}`
