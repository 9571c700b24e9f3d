import { type CrashFindings, type CrashRunOptions, crashRun, type DiskFaults } from './crash-run.ts'
import type { Mutant } from './plant-process.ts'
import { holds } from './verdict.ts'

const diskVariants = {
  'slow-disk': { syncMs: 300, losesUnsynced: false },
  'power-cut': { syncMs: 10, losesUnsynced: true },
} satisfies Record<string, DiskFaults>

export interface ProofOptions extends Omit<CrashRunOptions, 'faults' | 'mutant'> {
  /** One variant alone, with all the kills. */
  readonly only?: keyof typeof diskVariants | undefined
  readonly mutant?: Mutant | undefined
}

/** Findings of the main run first. `acknowledging_early`: what a build loses that does not wait for the flush. */
export interface CrashProof extends CrashFindings {
  readonly seed: number
  readonly slow_disk?: CrashFindings
  readonly power_cut?: CrashFindings
  readonly acknowledging_early?: { readonly lost: number; readonly kills: number }
  readonly holds: boolean
}

/**
 * Kills at random moments and at every crash point; then fewer on a disk that takes 300 ms to sync, and on
 * one that loses with each kill what was not synced; then proves that the last one would notice a build that
 * acknowledges before the flush.
 */
export const proveCrashes = async (options: ProofOptions): Promise<CrashProof> => {
  const { only, mutant, seed, randomKills, killsAtEachPoint, say = () => {} } = options
  const run = (name: string, kills: Partial<CrashRunOptions>): Promise<CrashFindings> => {
    const own = { seed, randomKills, killsAtEachPoint, ...kills }
    return crashRun({ ...own, say: (line) => say(`${name}: ${line}`) })
  }
  say(`seed ${seed}`)
  const faults = only && { faults: diskVariants[only] }
  const main = await run(only ?? 'crash', { ...faults, ...(mutant ? { mutant } : {}) })
  if (only || mutant) return { ...main, seed, holds: holds(main) }

  const few = { randomKills: Math.ceil(randomKills / 5), killsAtEachPoint: Math.ceil(killsAtEachPoint / 10) }
  const slow = await run('slow disk', { ...few, faults: diskVariants['slow-disk'] })
  const cut = await run('power cut', { ...few, faults: diskVariants['power-cut'] })
  const early = await run('acknowledging early', {
    randomKills: 5,
    killsAtEachPoint: 0,
    faults: diskVariants['power-cut'],
    mutant: 'ack-before-flush',
  })
  return {
    ...main,
    seed,
    slow_disk: slow,
    power_cut: cut,
    acknowledging_early: { lost: early.lost, kills: early.kills },
    holds: [main, slow, cut].every(holds) && early.lost > 0,
  }
}
