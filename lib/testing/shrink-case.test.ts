import { expect, test } from 'vitest'
import { shrinkCase, simplifyOrder } from './shrink-case.ts'

const trial =
  (fails: (steps: readonly number[]) => boolean) =>
  async (candidates: readonly (readonly number[])[]): Promise<boolean[]> =>
    candidates.map(fails)

test('shrinkCase leaves out everything that is not needed to fail', async () => {
  const steps = [...Array(37).keys()]
  const needsTwo = trial((part) => part.includes(5) && part.includes(30))
  expect(await shrinkCase(steps, needsTwo)).toEqual([5, 30])
  expect(
    await shrinkCase(
      [1],
      trial(() => true),
    ),
  ).toEqual([1])
})

test('simplifyOrder puts right every pair that need not be the wrong way round', async () => {
  const wanted = [1, 2, 3, 4, 5]
  const fourBeforeTwo = trial((order) => order.indexOf(4) < order.indexOf(2))
  expect(await simplifyOrder([5, 4, 3, 2, 1], wanted, fourBeforeTwo)).toEqual([1, 3, 4, 2, 5])
})
