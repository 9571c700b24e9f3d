import { expect, test } from 'vitest'
import { provePoison } from './faults/poison/prove-poison.ts'

test('behaviors that throw on every reading lose none of them, and change nothing for the others', async () => {
  const { isComplete, proof } = await provePoison({ devices: 2_000, rounds: 4, turns: 2 })
  expect(proof).toMatchObject({
    poison_readings: 2_000,
    dead_letters: 2_000,
    thrown: 20 * 5 * 5,
    missing_dead_letters: 0,
    wrong_dead_letters: 0,
    others_equal: true,
  })
  expect(isComplete).toBe(true)
  // A machine that is busy with other tests cannot tell 5 % from nothing, but a half it can.
  expect(proof.cpu_cost_percent).toBeLessThan(50)
})
