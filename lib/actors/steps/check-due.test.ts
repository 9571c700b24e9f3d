import { expect, test } from 'vitest'
import { runActors } from '../../../test/support/running-actors.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { perKey } from '../../processors/per-key.ts'
import { lmdbStore } from '../../state/lmdb-store.ts'
import type { Processor } from '../../time/processor.ts'

interface Reminder {
  readonly time: number
  readonly after: number
}

/** Its timer is due so long after the last event. */
const reminding: Processor<Reminder, number, { due: number; events: number }> = {
  create: () => ({ due: Number.POSITIVE_INFINITY, events: 0 }),
  onEvent(state, { time, after }, out) {
    state.due = time + after
    out.emit(++state.events)
  },
  due: ({ due }) => due,
  onTime(state) {
    state.due = Number.POSITIVE_INFINITY
  },
}

test.each([
  ['a step', reminding],
  ['a step with a state for each sub-key', perKey(() => 'all', reminding)],
])('a timer of %s that is due at NaN kills the turn that set it, and nothing else', async (_, processor) => {
  const store = lmdbStore(temporaryFolder())
  const { send, stop, outcomes } = runActors<Reminder, number>({
    key: () => 'ann',
    behavior: (reminders, actor) =>
      reminders.pipe(actor.durable('reminder', processor as Processor<Reminder, number>)),
    store,
  })
  await send({ time: 0, after: 1_000 }, { time: 1, after: Number.NaN }, { time: 2, after: -(2 ** 40) })
  await stop()
  expect(outcomes.flatMap(({ values }) => values)).toEqual([1, 2])
  const [dead] = outcomes.flatMap(({ asides }) => asides)
  expect(dead).toMatchObject({ tag: 'dead', value: { time: 1 } })
  expect(dead?.reason).toContain('Step "reminder" is due at NaN: make due(state) return a time in ms')
  await store.close()
})
