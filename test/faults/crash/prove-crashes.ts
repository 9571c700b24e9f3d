import { type CrashFindings, type CrashRunOptions, crashRun, type DiskFaults } from './crash-run.ts'
import { PlantFailed } from './crashing-plant.ts'
import { holds } from './verdict.ts'

const disks = {
  'slow-disk': { syncMs: 300, losesUnsynced: false },
  'power-cut': { syncMs: 10, losesUnsynced: true },
} satisfies Record<string, DiskFaults>

/** Mistakes that a build could have, and on which disk they show. */
export const mutants = {
  'ack-before-flush': { mutant: 'ack-before-flush', faults: disks['power-cut'] },
  'no-sync': { faults: { ...disks['power-cut'], noSync: true } },
} satisfies Record<string, Partial<CrashRunOptions>>

export interface ProofOptions extends Omit<CrashRunOptions, 'faults' | 'mutant'> {
  /** One disk alone, with all the kills. */
  readonly only?: keyof typeof disks | undefined
  /** A build with a mistake alone. */
  readonly mutant?: keyof typeof mutants | undefined
}

/** Findings of the main run first. */
export interface CrashProof extends CrashFindings {
  readonly seed: number
  readonly slow_disk?: CrashFindings
  readonly power_cut?: CrashFindings
  /** Readings lost by a build that acknowledges on arrival. */
  readonly acknowledging_early?: { readonly lost: number; readonly kills: number }
  /** Whether a build was found out that acknowledges what is written and not synced. */
  readonly never_syncing?: { readonly found: boolean; readonly by: string }
  readonly holds: boolean
}

/**
 * Kills at random moments and at every crash point; then fewer on a disk that takes 300 ms to sync, and on
 * one that loses with each kill what was not synced; then proves that the last one finds out a build that
 * acknowledges before the flush. All but the main run need Linux.
 */
export const proveCrashes = async (options: ProofOptions): Promise<CrashProof> => {
  const { only, mutant, seed, randomKills, killsAtEachPoint, say = () => {} } = options
  const run = (name: string, own: Partial<CrashRunOptions> = {}): Promise<CrashFindings> =>
    crashRun({ seed, randomKills, killsAtEachPoint, ...own, say: (line) => say(`${name}: ${line}`) })
  say(`seed ${seed}`)
  if (only || mutant) {
    const alone = await run(mutant ?? only ?? '', mutant ? mutants[mutant] : only && { faults: disks[only] })
    return { ...alone, seed, holds: holds(alone) }
  }
  const main = await run('crash')
  if (process.platform !== 'linux') {
    say('slow disk and power cut need Linux, and are left out')
    return { ...main, seed, holds: holds(main) }
  }
  const fewer = {
    randomKills: Math.ceil(randomKills / 5),
    killsAtEachPoint: Math.ceil(killsAtEachPoint / 10),
  }
  const slow = await run('slow disk', { ...fewer, faults: disks['slow-disk'] })
  const cut = await run('power cut', { ...fewer, faults: disks['power-cut'] })
  const few = { randomKills: 3, killsAtEachPoint: 0 }
  const early = await run('acknowledging early', { ...few, ...mutants['ack-before-flush'] })
  const unsynced = await run('never syncing', { ...few, ...mutants['no-sync'] }).then(
    (findings) => ({ found: !holds(findings), by: 'the verdict' }),
    (error: unknown) => {
      // Its messages are in the stream and its store is gone: the relay refuses to go on.
      if (error instanceof PlantFailed) return { found: true, by: 'the relay' }
      throw error
    },
  )
  return {
    ...main,
    seed,
    slow_disk: slow,
    power_cut: cut,
    acknowledging_early: { lost: early.lost, kills: early.kills },
    never_syncing: unsynced,
    holds: [main, slow, cut].every(holds) && early.lost > 0 && unsynced.found,
  }
}
