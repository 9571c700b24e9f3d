// make-workshop-stores.ts <format>: packs two stores of the workshop, as a process leaves one that is stopped
// and one that is killed, and what they hold. To be run when the format is raised, for files of the number
// before; those of earlier formats are never written again:
// node --import ./test/support/typescript-hooks.js test/stores/make-workshop-stores.ts 3
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { lmdbStore } from '../../lib/state/lmdb-store.ts'
import { finished, spawnTypeScript } from '../support/typescript-child.ts'
import { describeStore } from './describe-store.ts'
import { packStore } from './packed-store.ts'
import { runWorkshop } from './run-workshop.ts'
import { measurements, workshopNames } from './workshop.ts'

const [format, unfinished] = process.argv.slice(2)

/** Stopped in order after 60 measurements. */
const stopped = async (path: string): Promise<void> => {
  const store = lmdbStore(path, { newEpoch: () => 'kept' })
  const workshop = runWorkshop(store, { at: 0, factor: 2 })
  await workshop.send(measurements(0, 60), 0)
  await workshop.stop()
  await store.close()
}

/** Killed after 20 more, the factor having changed between them: few of their states are saved. */
const killed = async (path: string): Promise<never> => {
  const workshop = runWorkshop(lmdbStore(path), { at: 60, factor: 2, isSaving: false, resident: 2 })
  await workshop.send(measurements(60, 70), 60)
  workshop.factors.next(3)
  await workshop.send(measurements(70, 80), 70)
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => {})
}

if (unfinished) await killed(unfinished)
const folder = mkdtempSync(join(tmpdir(), 'tidemark-store-'))
const at = (name: string): string => join(folder, name)
try {
  await stopped(at('stopped'))
  cpSync(at('stopped'), at('killed'), { recursive: true })
  const { signal, stderr } = await finished(
    spawnTypeScript(new URL(import.meta.url), [String(format), at('killed')]),
  )
  if (signal !== 'SIGKILL') throw new Error(`the process to be killed ended by itself: ${stderr}`)
  for (const name of ['stopped', 'killed']) {
    const file = join('test/stores', `format-${format}-${name}`)
    packStore(at(name), `${file}.store.gz`)
    writeFileSync(
      `${file}.json`,
      `${JSON.stringify(await describeStore(at(name), workshopNames), null, 1)}\n`,
    )
  }
} finally {
  rmSync(folder, { recursive: true })
}
process.exit()
