import type { JetStreamManager, StreamInfo } from '@nats-io/jetstream'
import { parseRowId } from './row-id.ts'
import { replacementHeader } from './stream-line.ts'
import type { NewestRow } from './stream-place.ts'

export interface NewestRowFound {
  readonly last: NewestRow | undefined
  /** Newest messages that no store wrote, passed over to find the last row. */
  readonly strays: number
}

/** Messages without a row's id that are passed over at the end of a stream. */
const strayLimit = 1_000

/**
 * The newest message of a stream that has the id of a row, from sequence `floor` on. `passedOver` are ids of
 * messages that count as written by no store.
 */
export async function newestRow(
  manager: JetStreamManager,
  { config, state }: StreamInfo,
  floor: number,
  passedOver: readonly string[] = [],
): Promise<NewestRowFound> {
  if (state.messages === 0) return { last: undefined, strays: 0 }
  const lowest = Math.max(floor, state.first_seq, state.last_seq - strayLimit)
  let strays = 0
  // Undefined when the message of the last sequence was deleted.
  const newest = await manager.streams.getMessage(config.name, { last_by_subj: '>' })
  for (let sequence = newest?.seq ?? state.last_seq; sequence >= lowest; sequence--) {
    const message =
      sequence === newest?.seq ? newest : await manager.streams.getMessage(config.name, { seq: sequence })
    const name = message?.header?.get('Nats-Msg-Id') ?? ''
    const id = parseRowId(name)
    if (message && id && !passedOver.includes(name)) {
      const isReplacement = message.header?.has(replacementHeader) ?? false
      return { last: { id, sequence, payload: message.data, isReplacement }, strays }
    }
    if (message) strays++
  }
  return { last: undefined, strays }
}
