import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Behavior } from '../actors/behavior.ts'
import { ordered } from '../processors/ordered.ts'
import { watermarks } from '../processors/watermarks.ts'
import { seconds } from '../time/duration.ts'
import type { Timed } from '../time/timed.ts'
import { boundedOutOfOrderness } from '../time/watermark-policy.ts'
import { timeline } from './timeline.ts'
import { verifyBehavior } from './verify-behavior.ts'

type Letter = Timed & { readonly value: string }

const asTheyCome: Behavior<Letter, Letter> = (letters, actor) =>
  letters.pipe(actor.durable('time', watermarks(boundedOutOfOrderness(seconds(5)))))

const inOrder: Behavior<Letter, Letter> = (letters, actor) =>
  asTheyCome(letters, actor).pipe(actor.durable('order', ordered()))

const options = {
  given: timeline('a@1s b@2s c@20s'),
  orders: { within: seconds(5) },
  view: ({ value }: Letter) => value,
}

test('verifies a behavior', async () => {
  await verifyBehavior(inOrder, { ...options, expect: ['a', 'b'] })
})

test('refuses a behavior', async () => {
  await assert.rejects(verifyBehavior(asTheyCome, options), /depends on the order of arrival/)
})
