import { expect, test } from 'vitest'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { finished, lineFrom, spawnTypeScript } from '../../support/typescript-child.ts'
import { readProof } from './numbered-commit.ts'

const program = new URL('./commit-forever.ts', import.meta.url)

test('after each of 10 kills the store holds all that was flushed and no part of a commit', async () => {
  const path = temporaryFolder()
  for (let kill = 0, before = 0; kill < 10; kill++) {
    // Rows from a fraction of a page to several pages, killed after a growing number of commits.
    const child = spawnTypeScript(program, [path, String([60, 400, 7_000][kill % 3])])
    const end = finished(child)
    await lineFrom(child, String(before + 3 + kill * 7))
    child.kill('SIGKILL')
    const flushed = Number((await end).stdout.trimEnd().split('\n').at(-1))
    const store = lmdbStore(path)
    const { number } = readProof(store)
    await store.close()
    // One commit may have been flushed without a chance to say so.
    expect([flushed, flushed + 1]).toContain(number)
    before = number
  }
}, 60_000)
