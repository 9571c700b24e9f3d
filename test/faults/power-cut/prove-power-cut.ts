import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { systemClock } from '../../../lib/time/wall-clock.ts'
import { finished, lineFrom, programBeside, spawnTypeScript } from '../../support/typescript-child.ts'
import { readProof } from '../store/numbered-commit.ts'
import { buildShim } from './build-shim.ts'
import { powerCut } from './power-cut.ts'

export interface PowerCutProof {
  /** Numbers that LMDB without sync had committed when it was killed, and the one left after the cut: 0. */
  readonly unsynced: { readonly committed: number; readonly left: number }
  /**
   * For each cut: commits the store had reported flushed, what is left, and how many writes were taken back.
   */
  readonly store: readonly { readonly flushed: number; readonly left: number; readonly takenBack: number }[]
  /** Shortest time from one flushed commit to the next while each sync took `syncMs` more. */
  readonly slowest: { readonly syncMs: number; readonly commitMs: number }
  readonly holds: boolean
}

/**
 * Proves two things at once: that the power cut takes un-synced writes with it, so a store that lies about
 * flushing would be caught, and that `lmdbStore` loses nothing it reported flushed.
 */
export const provePowerCut = async ({ cuts = 10, syncMs = 30 } = {}): Promise<PowerCutProof> => {
  const library = buildShim()
  const unsynced = await cutUnsynced(library)
  const store: { flushed: number; left: number; takenBack: number }[] = []
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-store-'))
  try {
    for (let i = 0; i < cuts; i++) store.push(await cutStore(library, folder, i % 2 ? 5 : 0, i))
  } finally {
    rmSync(folder, { recursive: true })
  }
  const slowest = { syncMs, commitMs: await commitTime(library, syncMs) }
  const holds =
    unsynced.committed > 0 &&
    unsynced.left === 0 &&
    store.every(({ flushed, left }) => left >= flushed && left <= flushed + 1) &&
    store.some(({ takenBack }) => takenBack > 0) &&
    slowest.commitMs >= 2 * syncMs
  return { unsynced, store, slowest, holds }
}

const cutUnsynced = async (library: string): Promise<PowerCutProof['unsynced']> => {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-unsynced-'))
  try {
    const power = powerCut(folder, { library })
    const committed = await killAfter('./unsynced-commits', [folder], power.environment, '50')
    power.cut()
    power.close()
    const root = open({ path: folder, noSubdir: false, overlappingSync: false })
    const left = Number(root.get('number'))
    await root.close()
    return { committed, left }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const cutStore = async (library: string, folder: string, syncMs: number, later: number) => {
  const power = powerCut(folder, { library, syncMs })
  const before = await numberIn(folder)
  const program = '../store/commit-forever'
  const flushed = await killAfter(program, [folder, '3000'], power.environment, String(before + 20), later)
  const takenBack = power.cut().reduce((sum, { writes }) => sum + writes, 0)
  power.close()
  return { flushed, left: await numberIn(folder), takenBack }
}

/** Milliseconds a commit takes on average when every sync takes `syncMs` more. */
const commitTime = async (library: string, syncMs: number): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-slow-'))
  try {
    const power = powerCut(folder, { library, syncMs })
    const child = spawnTypeScript(programBeside(import.meta.url, '../store/commit-forever'), [folder], {
      env: { ...process.env, ...power.environment },
    })
    const end = finished(child)
    await lineFrom(child, '1')
    const start = performance.now()
    await lineFrom(child, '9')
    const commitMs = (performance.now() - start) / 8
    child.kill('SIGKILL')
    await end
    power.close()
    return Math.round(commitMs)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const numberIn = async (folder: string): Promise<number> => {
  const store = lmdbStore(folder, { reserveBytes: 0, reserveShare: 0 })
  const { number } = readProof(store)
  await store.close()
  return number
}

/**
 * Kills the program `later` milliseconds after it has printed the line `last`, and returns the last number it
 * printed.
 */
const killAfter = async (
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  last: string,
  later = 0,
): Promise<number> => {
  const child = spawnTypeScript(programBeside(import.meta.url, program), args, {
    env: { ...process.env, ...environment },
  })
  const end = finished(child)
  await lineFrom(child, last)
  await new Promise<void>((resolve) => systemClock.after(later, resolve))
  child.kill('SIGKILL')
  return Number((await end).stdout.trimEnd().split('\n').at(-1))
}
