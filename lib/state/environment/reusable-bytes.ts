import type { StoreTables } from './store-tables.ts'

/** Bytes inside the data file that hold no row and can be written again without the file growing. */
export const reusableBytes = ({
  root,
  facts,
  journal,
  states,
  due,
  outbox,
  notes,
  others,
}: StoreTables): number => {
  const whole = root.getStats() as RootStatistics
  const main: PageCounts = whole
  let used = metaPages + pagesOf(main) + pagesOf(whole.free)
  for (const table of [facts, journal, states, due, outbox, notes, ...others]) {
    if (table) used += pagesOf(table.database.getStats() as PageCounts)
  }
  return Math.max(0, whole.lastPageNumber + 1 - used) * whole.pageSize
}

interface PageCounts {
  readonly treeBranchPageCount: number
  readonly treeLeafPageCount: number
  readonly overflowPages: number
}

interface RootStatistics extends PageCounts {
  readonly pageSize: number
  readonly lastPageNumber: number
  readonly free: PageCounts
}

const pagesOf = (counts: PageCounts): number =>
  counts.treeBranchPageCount + counts.treeLeafPageCount + counts.overflowPages

const metaPages = 2
