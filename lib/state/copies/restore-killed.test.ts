import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readProof, writeNumber } from '../../../test/faults/store/numbered-commit.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { type FinishedChild, finished, spawnTypeScript } from '../../../test/support/typescript-child.ts'
import { openForReading } from '../environment/environment.ts'
import { lmdbStore } from '../lmdb-store.ts'
import { backupStore } from './backup-store.ts'
import { restoreStore } from './restore-store.ts'

const program = new URL('./restore-killed.fixture.ts', import.meta.url)

const commits = async (path: string, number: number): Promise<string> => {
  const store = lmdbStore(path)
  for (let n = 1; n <= number; n++) await writeNumber(store, n, 100)
  await store.close()
  return store.epoch
}

const stateOf = async (path: string): Promise<{ number: number; epoch: string }> => {
  const store = lmdbStore(path)
  const { number } = readProof(store)
  await store.close()
  return { number, epoch: store.epoch }
}

interface Scene {
  readonly folder: string
  readonly old: string
  readonly backedUp: string
  readonly at: (name: string) => string
}

/** A backup of ten commits, and a store of three in the place it is to go to. */
const scene = async (): Promise<Scene> => {
  const folder = temporaryFolder()
  const at = (name: string): string => join(folder, name)
  const backedUp = await commits(at('first'), 10)
  await backupStore(at('first'), at('backup'))
  const old = await commits(at('store'), 3)
  return { folder, old, backedUp, at }
}

const killedAt = async ({ at }: Scene, n: number): Promise<FinishedChild> =>
  finished(spawnTypeScript(program, [at('backup'), at('store'), `${n}`]))

test('killed before any change of a name, restoring leaves the old store or the new one', async () => {
  const whole = await killedAt(await scene(), 0)
  expect(whole).toMatchObject({ code: 0, stderr: '' })
  const outcomes: string[] = []
  for (let n = 1; n <= Number(whole.stdout); n++) {
    const set = await scene()
    const { signal } = await killedAt(set, n)
    expect(signal).toBe('SIGKILL')
    // Whoever comes next may write there or only look.
    if (n % 2 === 0) await openForReading(set.at('store')).root.close()
    const { number, epoch } = await stateOf(set.at('store'))
    if (number === 3) {
      expect(epoch).toBe(set.old)
      outcomes.push('old')
    } else {
      expect(number).toBe(10)
      expect([set.old, set.backedUp]).not.toContain(epoch)
      expect(await stateOf(set.at('store.replaced-1'))).toEqual({ number: 3, epoch: set.old })
      outcomes.push('new')
    }
    await restoreStore(set.at('backup'), set.at('store'), { force: true })
    expect((await stateOf(set.at('store'))).number).toBe(10)
    expect(readdirSync(set.folder).filter((name) => /incoming|restored/.test(name))).toEqual([])
    expect(existsSync(join(set.at('store'), 'writer.lock'))).toBe(false)
  }
  // One moment decides.
  expect(new Set(outcomes)).toEqual(new Set(['old', 'new']))
  expect(outcomes).toEqual([...outcomes].sort().reverse())
}, 120_000)
