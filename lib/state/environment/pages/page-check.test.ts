import {
  closeSync,
  cpSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type PageKind, pageBytes, pagesOf } from '../../../../test/support/lmdb-pages.ts'
import { temporaryFolder } from '../../../../test/support/temporary-folder.ts'
import { lmdbStore } from '../../lmdb-store.ts'
import { StoreDamaged } from '../../rows/frame.ts'
import { checkPages, checkRoots } from './page-check.ts'

const whole = { rowsUpToBytes: Number.POSITIVE_INFINITY }

/** Holds a data file with a page of each kind. */
const folder = mkdtempSync(join(tmpdir(), 'tidemark-pages-'))
const pristine = join(folder, 'data.mdb')

beforeAll(async () => {
  const store = lmdbStore(folder)
  for (let position = 1; position <= 6; position++) {
    const states = Array.from({ length: 3_000 }, (_, number) => ({
      ...{ stage: 'devices', actor: `press-${number}`, step: 'baseline', subkey: '' },
      bytes: Buffer.alloc(60, `${position} `),
    }))
    const bytes = Buffer.alloc(9_000, `${position} `)
    await store.commit({ journal: [], outbox: [{ sink: 'nats', position, index: 0, bytes }] })
    await store.checkpoint({ states })
  }
  await store.close()
})

afterAll(() => rmSync(folder, { recursive: true }))

const copy = (): string => {
  const file = join(temporaryFolder(), 'data.mdb')
  cpSync(pristine, file)
  return file
}

const write = (file: string, at: number, bytes: Uint8Array): void => {
  const descriptor = openSync(file, 'r+')
  writeSync(descriptor, bytes, 0, bytes.length, at)
  closeSync(descriptor)
}

test('a file that is what was written passes, and every row is handed over', () => {
  const counts = new Map<string, number>()
  const onRow = (database: string): void => void counts.set(database, (counts.get(database) ?? 0) + 1)
  checkPages(pristine, { ...whole, onRow })
  expect(Object.fromEntries(counts)).toMatchObject({ actors: 3_000, outbox: 6, facts: 2 })
})

describe.each<PageKind>(['meta', 'branch', 'leaf', 'overflow', 'free list'])('a %s page', (kind) => {
  test.each([
    ['zeros', Buffer.alloc(pageBytes)],
    ['ones', Buffer.alloc(pageBytes, 0xff)],
  ])('that was overwritten with %s is refused with the remedy', (_, bytes) => {
    const pages = pagesOf(pristine).get(kind)!
    expect(pages.length).toBeGreaterThan(0)
    for (const page of new Set([pages[0]!, pages.at(-1)!])) {
      const file = copy()
      write(file, page * pageBytes, bytes)
      expect(() => checkPages(file, whole), `${page}`).toThrow(StoreDamaged)
      expect(() => checkPages(file, whole)).toThrow(/^data file ".*data\.mdb": .*restore the data folder/)
    }
  })
})

test.each<PageKind>(['meta', 'leaf', 'overflow'])(
  'a %s page in the place of another one is refused',
  (kind) => {
    const pages = pagesOf(pristine).get(kind)!
    const [first, last] = [pages[0]!, pages.at(-1)!]
    expect(first).not.toBe(last)
    const file = copy()
    write(file, first * pageBytes, readFileSync(pristine).subarray(last * pageBytes, (last + 1) * pageBytes))
    expect(() => checkPages(file, whole)).toThrow(StoreDamaged)
  },
)

test('a file that ends early is refused, wherever it ends', () => {
  const { length } = readFileSync(pristine)
  const last = Math.max(...[...pagesOf(pristine).values()].flat())
  for (let end = 1; end < Math.min(length, last * pageBytes); end += 9_973) {
    const file = copy()
    truncateSync(file, end)
    expect(() => checkPages(file, whole), `${end}`).toThrow(StoreDamaged)
  }
})

test('a file that is something else is refused', () => {
  const file = copy()
  write(file, 0, Buffer.from('PK\x03\x04 an archive'.padEnd(pageBytes)))
  expect(() => checkRoots(file)).toThrow(/it is not a data file of LMDB/)
})

test('of a long file the pages that lead to rows are checked, and those with rows are not', () => {
  const [[branch], [leaf]] = [pagesOf(pristine).get('branch')!, pagesOf(pristine).get('leaf')!.slice(-1)]
  const file = copy()
  write(file, leaf! * pageBytes, Buffer.alloc(pageBytes))
  expect(() => checkPages(file, { rowsUpToBytes: 0 })).not.toThrow()
  write(file, branch! * pageBytes, Buffer.alloc(pageBytes))
  expect(() => checkPages(file, { rowsUpToBytes: 0 })).toThrow(StoreDamaged)
})
