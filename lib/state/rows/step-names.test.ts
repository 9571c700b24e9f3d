import { expect, test } from 'vitest'
import { writeStateKey } from './state-keys.ts'
import { StepNames } from './step-names.ts'

test('reads what was written, also when there are more endings than it remembers', () => {
  const names = new StepNames()
  const key = Buffer.alloc(200)
  for (let round = 0; round < 3; round++) {
    for (let index = 0; index < 40; index++) {
      const start = writeStateKey(key, 0, 's', 'actor', '', '') - 1
      for (const [step, subkey] of [['time', ''] as const, [`step ${index}`, `metric ${index}\0`] as const]) {
        const end = writeStateKey(key, 0, 's', 'actor', step, subkey)
        expect(names.read(key.subarray(0, end), start)).toEqual({ step, subkey })
      }
    }
  }
})
