import { join } from 'node:path'

/** The JetStream stream that a tidemark command publishes to. */
export const streamName = 'tidemark'

/** Where in the data folder the store is. */
export const storeFolder = (data: string): string => join(data, 'store')
