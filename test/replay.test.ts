import { expect, test } from 'vitest'
import { generatedEvery, generatedRecording } from './faults/replay/generated-recording.ts'
import { proveReplay } from './faults/replay/prove-replay.ts'

test('a recording out of order, with duplicates and a kill, comes out as if it had been played straight', async () => {
  const said: string[] = []
  const proof = await proveReplay({
    readings: generatedRecording(7, 4_000),
    bound: 12 * generatedEvery,
    seed: 7,
    say: (line) => said.push(line),
  })
  expect(proof, said.join('\n')).toMatchObject({
    readings: 4_000,
    kills: 1,
    equal_anomalies: true,
    equal_baselines: true,
    equal_offline: true,
    holds: true,
  })
  expect(proof.redelivered).toBeGreaterThan(0)
  expect(proof.anomalies).toBeGreaterThan(10)
}, 60_000)
