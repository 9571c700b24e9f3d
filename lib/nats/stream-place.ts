import type { Lineage } from '../state/lineage.ts'
import type { OutboxKey } from '../state/store.ts'
import { compareKeys, type RowId, rowId } from './row-id.ts'

/** What a look at the stream shows. */
export interface StreamState {
  /** When the stream was made, in the server's words. A recreated stream has another one. */
  readonly created: string
  /** Sequence of the newest message it ever took, 0 for none. A purge keeps it, a lost tail does not. */
  readonly lastSequence: number
  /** The newest message there that carries a row's id. */
  readonly last: NewestRow | undefined
}

/** A message that carries a row's id, written by this store or not. */
export interface NewestRow {
  readonly id: RowId
  readonly sequence: number
  readonly payload: Uint8Array
  /** It says that it is the dead letter of the row, in its place. */
  readonly isReplacement: boolean
}

/** The newest row that the stream has confirmed, and where. */
export interface Confirmed {
  readonly created: string
  readonly key: OutboxKey
  readonly sequence: number
}

/** Where to go on, and what was found on the way there. */
export type Place =
  | {
      readonly kind: 'after'
      /** The newest row that is not to be sent again, undefined to begin with the first. */
      readonly key: OutboxKey | undefined
      readonly found:
        | 'new'
        | 'as left'
        | 'more than known'
        | 'tail lost'
        | 'newest deleted'
        | 'purged'
        | 'recreated'
        | 'restored'
        | 'taken over'
    }
  /** All of the stream was lost, and with it this many of the newest confirmed rows. */
  | { readonly kind: 'back'; readonly rows: number; readonly found: 'tail lost' }
  | {
      readonly kind: 'taken'
      readonly reason: string
      /** What `takeOver` must name for the relay to go on. */
      readonly takeOver: string
    }

export interface Claim extends Lineage {
  /** Epochs of stores that no longer write and that this one follows. */
  readonly takeOver: readonly string[]
  /** Whether this store wrote what is in the stream under the id of one of its rows. */
  readonly wrote: (row: NewestRow) => boolean
}

/**
 * Where the relay goes on in a stream, from what it shows and what is known to be confirmed. The stream's
 * word counts for what it holds; the sequence tells a lost tail, which is sent again, from a purge, which
 * was meant.
 */
export const placeInStream = (state: StreamState, confirmed: Confirmed | undefined, claim: Claim): Place => {
  const { last } = state
  if (!last) return placeWithout(state, confirmed)
  if (isFollowed(last.id, claim)) return placeBehind(state, confirmed)
  const ancestor = claim.ancestors?.find(({ epoch }) => epoch === last.id.epoch)
  if (last.id.epoch !== claim.epoch && !ancestor) {
    return { kind: 'taken', reason: anotherStore(last, claim.epoch), takeOver: last.id.epoch }
  }
  // What an ancestor wrote after the backup is behind everything that this store has of it.
  const isBeyond = ancestor !== undefined && last.id.key.position > ancestor.upTo
  const key = isBeyond ? { position: ancestor.upTo, index: lastIndex } : last.id.key
  const order = confirmed ? compareKeys(key, confirmed.key) : 1
  if (order > 0 && isBeyond) return { kind: 'after', key, found: 'restored' }
  if (order > 0) return claim.wrote(last) ? { kind: 'after', key, found: 'more than known' } : ahead(last)
  if (order === 0 || !confirmed) return { kind: 'after', key, found: 'as left' }
  if (state.created !== confirmed.created) return { kind: 'after', key: confirmed.key, found: 'recreated' }
  return state.lastSequence < confirmed.sequence
    ? { kind: 'after', key, found: 'tail lost' }
    : { kind: 'after', key: confirmed.key, found: 'newest deleted' }
}

/** Higher than the index of any output. */
const lastIndex = 0xffff_ffff

/** By a store that is gone, of which this one has nothing. */
const isFollowed = ({ epoch }: RowId, { takeOver, ancestors = [] }: Claim): boolean =>
  takeOver.includes(epoch) || ancestors.some((ancestor) => ancestor.epoch === epoch && ancestor.upTo === 0)

/** The place when no message in the stream is one of ours. */
function placeWithout(state: StreamState, confirmed: Confirmed | undefined): Place {
  if (!confirmed) return { kind: 'after', key: undefined, found: 'new' }
  const { key } = confirmed
  if (state.created !== confirmed.created) return { kind: 'after', key, found: 'recreated' }
  if (state.lastSequence >= confirmed.sequence) return { kind: 'after', key, found: 'purged' }
  return { kind: 'back', rows: confirmed.sequence - state.lastSequence, found: 'tail lost' }
}

/** The place when the newest row is of a store that is gone. */
function placeBehind(state: StreamState, confirmed: Confirmed | undefined): Place {
  const place = placeWithout(state, confirmed)
  const isBehind = place.kind === 'after' && (place.found === 'new' || place.found === 'purged')
  return isBehind ? { ...place, found: 'taken over' } : place
}

const anotherStore = (last: NewestRow, own: string): string =>
  `its newest message, ${named(last)}, was written by store "${last.id.epoch}", and this is store "${own}". ` +
  'A stream has one writer: if the other one still runs, stop it or give this one a stream of its own'

const ahead = (last: NewestRow): Place => ({
  kind: 'taken',
  reason:
    `its newest message, ${named(last)}, carries this store's epoch, yet this store never wrote it. ` +
    'Either another process runs on a copy of the data folder, or an older copy was put in its place by hand, ' +
    'or another program published it under that id. Stop the other process; or make a backup of the copy and ' +
    'restore that, which gives it an epoch of its own',
  takeOver: idOf(last),
})

const named = (last: NewestRow): string => `"${idOf(last)}" at sequence ${last.sequence}`

const idOf = ({ id: { epoch, key } }: NewestRow): string => rowId(epoch, key)
