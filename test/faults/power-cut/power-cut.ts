import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildShim } from './build-shim.ts'
import { type Undone, undo } from './undo.ts'

/** A disk under a folder that loses what was not synced when the process is killed. */
export interface PowerCut {
  /** Environment to start the process with. One process at a time, and not its children's stores. */
  readonly environment: Readonly<Record<string, string>>
  /** To be called when the process is dead: rolls the files back to what had been synced. */
  cut(): Undone[]
  /** Removes what is kept beside the files. */
  close(): void
}

export interface PowerCutOptions {
  /** Added to every sync, in milliseconds. */
  readonly syncMs?: number
  /** No sync reaches the disk, as in a build that does not sync: what a cut must show to be a mistake. */
  readonly noSync?: boolean
  /** The compiled shim; built when it is not given. */
  readonly library?: string
}

/** Prepares a power cut for the files under `folder`, which must exist. */
export const powerCut = (
  folder: string,
  { syncMs = 0, noSync = false, library = buildShim() }: PowerCutOptions = {},
): PowerCut => {
  const watched = realpathSync(folder)
  const logFolder = mkdtempSync(join(tmpdir(), 'tidemark-power-cut-'))
  return {
    environment: {
      LD_PRELOAD: library,
      POWER_CUT_FOLDER: watched,
      POWER_CUT_LOG: logFolder,
      POWER_CUT_SYNC_MS: String(syncMs),
      ...(noSync ? { POWER_CUT_NO_SYNC: '1' } : {}),
    },
    cut: () => undo(watched, logFolder),
    close: () => rmSync(logFolder, { recursive: true, force: true }),
  }
}
