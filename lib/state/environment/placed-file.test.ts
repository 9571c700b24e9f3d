import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { numberedCommit } from '../../../test/faults/store/numbered-commit.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { lmdbStore } from '../lmdb-store.ts'
import { CommitFailed } from '../store.ts'

const gone = /data\.mdb was deleted, moved or replaced while it was open.*start again/

test.each([
  ['file is deleted', (path: string) => rmSync(join(path, 'data.mdb'))],
  ['folder is deleted', (path: string) => rmSync(path, { recursive: true })],
  ['folder is moved away', (path: string) => renameSync(path, `${path}.moved`)],
  [
    'folder is replaced',
    (path: string) => {
      renameSync(path, `${path}.moved`)
      mkdirSync(path)
      writeFileSync(join(path, 'data.mdb'), '')
    },
  ],
])(
  'when the %s under an open store, nothing more counts as written, and nothing is left in its place',
  async (_, fault) => {
    const path = join(temporaryFolder(), 'store')
    const store = lmdbStore(path)
    await store.commit(numberedCommit(1, 100))
    fault(path)
    const refusal = await store.commit(numberedCommit(2, 100)).catch((error: Error) => error)
    expect(refusal).toMatchObject({ message: expect.stringMatching(gone) })
    // A retry cannot help.
    expect(refusal).not.toBeInstanceOf(CommitFailed)
    await expect(store.close()).rejects.toThrow(gone)
    expect(existsSync(join(path, 'closed-at'))).toBe(false)
  },
)

test('what is deleted while a commit is being written is not counted as written', async () => {
  const path = join(temporaryFolder(), 'store')
  const store = lmdbStore(path)
  const written = store.commit(numberedCommit(1, 100))
  rmSync(path, { recursive: true })
  await expect(written).rejects.toThrow(gone)
  await expect(store.close()).rejects.toThrow(gone)
})

test('when the lock is deleted nothing more counts as written: another process may have begun to write', async () => {
  const path = join(temporaryFolder(), 'store')
  const store = lmdbStore(path)
  await store.commit(numberedCommit(1, 100))
  rmSync(join(path, 'writer.lock'))
  const refused = /writer\.lock was deleted.*Another process may write the store by now/
  await expect(store.commit(numberedCommit(2, 100))).rejects.toThrow(refused)
  await expect(store.close()).rejects.toThrow(refused)
  expect(existsSync(join(path, 'closed-at'))).toBe(false)
})
