import { openStoreReadOnly } from '../lib/state/lmdb-reader.ts'
import type { StoreReader } from '../lib/state/store.ts'
import { existingStoreFolder } from './data-folder.ts'
import { examineData } from './examination/examine-store.ts'

/** What `look` finds in the store of a data folder, which another process may be writing. */
export const lookIntoStore = async <Found>(
  data: string,
  look: (store: StoreReader) => Found,
): Promise<Found> => {
  await examineData(data)
  const store = openStoreReadOnly(existingStoreFolder(data))
  try {
    return look(store)
  } finally {
    await store.close()
  }
}
