import { expect, test } from 'vitest'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { finished, spawnTypeScript } from '../../support/typescript-child.ts'
import { writeNumber } from './numbered-commit.ts'

const program = new URL('./damage-store.ts', import.meta.url)
const seeds = 100
const commits = 60

test('a flipped bit, an overwritten page or a lost end is refused or does no harm, and ends no process', async () => {
  const pristine = temporaryFolder()
  const scratch = temporaryFolder()
  const store = lmdbStore(pristine)
  for (let n = 1; n <= commits; n++) await writeNumber(store, n, n % 3 ? 60 : 5_000)
  await store.close()

  const child = spawnTypeScript(program, [pristine, scratch, '0', String(seeds)])
  const { stdout, stderr, code, signal } = await finished(child)
  const outcomes = stdout.trimEnd().split('\n')
  expect({ code, signal, last: outcomes.at(-1) }, stderr).toMatchObject({ code: 0, signal: null })
  expect(outcomes).toHaveLength(seeds)
  const harmless = new RegExp(`: (reads ${commits}|refused StoreDamaged: .*)$`)
  expect(outcomes.filter((line) => !harmless.test(line))).toEqual([])
  expect(outcomes.filter((line) => line.includes('refused')).length).toBeGreaterThan(20)
}, 120_000)
