import { distinctUntilKeyChanged, type Observable, type Subscription, skip } from 'rxjs'
import type { LmdbStore } from '../lib/state/lmdb-store.ts'

type StoreCondition = LmdbStore['condition'] extends Observable<infer Condition> ? Condition : never

/** Reports that the disk is low, so that nothing is acknowledged, and later that it goes on. */
export const reportDisk = (
  { condition }: Pick<LmdbStore, 'condition'>,
  onNotice: (line: string) => void,
): Subscription =>
  condition
    .pipe(distinctUntilKeyChanged('state'), skip(1))
    .subscribe(({ state, words }: StoreCondition) =>
      onNotice(state === 'ok' ? 'the disk has room again; publishes are acknowledged' : words),
    )
