import { closeSync, openSync, truncateSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { TidemarkCommand } from '../../support/tidemark-command.ts'
import { type PageKind, pageBytes, pagesOf } from './lmdb-pages.ts'
import { numberedCommit } from './numbered-commit.ts'

const command = new TidemarkCommand()

const madeStore = async (): Promise<string> => {
  const path = join(command.folder, 'store')
  const store = lmdbStore(path)
  for (let n = 1; n <= 60; n++) await store.commit(numberedCommit(n, n % 3 ? 60 : 5_000))
  await store.close()
  return join(path, 'data.mdb')
}

const refuses = async (args: readonly string[]): Promise<void> => {
  const { code, signal, stderr } = await command.run([...args, '--data', command.folder])
  expect({ code, signal }, stderr).toEqual({ code: 1, signal: null })
  expect(stderr).toMatch(/^tidemark: .*tidemark restore <backup> --force/m)
}

test.each<PageKind>(['meta', 'leaf', 'overflow', 'free list'])(
  'a %s page that was overwritten is refused with the remedy',
  async (kind) => {
    const file = await madeStore()
    const page = pagesOf(file).get(kind)?.[0]
    expect(page).toBeDefined()
    const handle = openSync(file, 'r+')
    writeSync(handle, Buffer.alloc(pageBytes, 0xf5), 0, pageBytes, page! * pageBytes)
    closeSync(handle)
    await refuses(['start', '--no-simulate'])
    await refuses(['devices'])
  },
)

test('a file that lost its end is refused with the remedy', async () => {
  const file = await madeStore()
  truncateSync(file, 5_000)
  await refuses(['start', '--no-simulate'])
  await refuses(['inspect'])
})
