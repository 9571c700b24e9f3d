import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { filter, firstValueFrom } from 'rxjs'
import { afterAll, expect, test } from 'vitest'
import { lmdbStore } from '../../../lib/state/lmdb-store.ts'
import { SmallDisk } from '../../support/small-disk.ts'
import { numberedCheckpoint, numberedCommit, readProof } from './numbered-commit.ts'

const mebibyte = 2 ** 20
const size = 48 * mebibyte
const smallDisk = new SmallDisk(size)
const { folder: disk, isMounted: mounted } = smallDisk

/** Free bytes on the disk. Where no file system can be mounted, what a disk of that size would have left. */
const freeBytes = (): number => {
  if (mounted) return smallDisk.freeBytes
  const folders = [disk, join(disk, 'data')].filter((folder) => existsSync(folder))
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => statSync(join(folder, name))))
  return size - files.reduce((used, file) => used + (file.isFile() ? file.blocks * 512 : 0), 0)
}

afterAll(() => smallDisk.remove())

test('a disk that fills up holds commits back, loses none, and goes on when there is room', async () => {
  const path = join(disk, 'data')
  const ballast = join(disk, 'ballast')
  writeFileSync(ballast, Buffer.alloc(12 * mebibyte))
  const diskRoom = async () => ({ free: freeBytes(), total: size })
  const store = lmdbStore(path, { reserveBytes: 8 * mebibyte, ...(mounted ? {} : { diskRoom }) })
  const low = firstValueFrom(store.condition.pipe(filter(({ state }) => state === 'disk low')))
  let flushed = 0
  let enough = Number.POSITIVE_INFINITY
  const writing = (async () => {
    while (flushed < enough) {
      await store.commit(numberedCommit(flushed + 1, 8_000))
      flushed++
      await store.checkpoint(numberedCheckpoint(flushed, 8_000))
    }
  })()
  expect((await low).words).toMatch(/MiB free and tidemark leaves 8 MiB alone/)
  const held = flushed
  expect(held).toBeGreaterThan(50)

  // Another program takes all that is left.
  writeFileSync(join(disk, 'other'), Buffer.alloc(freeBytes()))
  expect(freeBytes()).toBeLessThan(mebibyte)
  await firstValueFrom(store.condition.pipe(filter(({ words }) => words.includes('0 MiB free'))))
  expect(flushed).toBe(held)
  expect(readProof(store).number).toBe(held)

  enough = held + 20
  rmSync(join(disk, 'other'))
  rmSync(ballast)
  await writing
  expect(await firstValueFrom(store.condition)).toMatchObject({ state: 'ok' })
  await store.close()
  const again = lmdbStore(path, { reserveBytes: 0 })
  expect(readProof(again).number).toBe(flushed)
  await again.close()
})
