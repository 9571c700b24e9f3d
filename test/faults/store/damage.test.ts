import { expect, test } from 'vitest'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { finished, spawnTypeScript } from '../../support/typescript-child.ts'
import { writeNumber } from './numbered-commit.ts'

const program = new URL('./damage-store.ts', import.meta.url)
const seeds = 100
const commits = 60

test('a flipped bit or a lost end of the file is noticed or does no harm, never read as something else', async () => {
  const pristine = temporaryFolder()
  const scratch = temporaryFolder()
  const store = lmdbStore(pristine)
  for (let n = 1; n <= commits; n++) await writeNumber(store, n, n % 3 ? 60 : 5_000)
  await store.close()

  const outcomes: string[] = []
  for (let next = 0; next < seeds; ) {
    const child = spawnTypeScript(program, [pristine, scratch, String(next), String(seeds)])
    const { stdout, signal } = await finished(child)
    const lines = stdout.split('\n').filter((line) => line !== '')
    outcomes.push(...lines)
    next += lines.length
    if (signal) outcomes.push(`${outcomes.pop()}aborted ${signal}`)
    else expect(next).toBe(seeds)
  }
  const harmless = new RegExp(`: (reads ${commits}|refused .*|aborted SIG.*)$`)
  expect(outcomes.filter((line) => !harmless.test(line))).toEqual([])
  expect(outcomes.filter((line) => line.includes('refused')).length).toBeGreaterThan(20)
}, 120_000)
