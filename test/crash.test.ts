import { expect, test } from 'vitest'
import { crashRun } from './faults/crash/crash-run.ts'

test('killed at random and at every crash point, it loses, doubles and reorders nothing', async () => {
  const said: string[] = []
  const seed = Date.now() % 1_000_000
  const findings = await crashRun({
    seed,
    randomKills: 3,
    killsAtEachPoint: 1,
    haste: 8,
    say: (line) => said.push(line),
  })
  expect(findings, `seed ${seed}\n${said.join('\n')}`).toMatchObject({
    kills: 17,
    clean_stops: 1,
    lost: 0,
    out_of_order: 0,
    counted_twice: 0,
    missing_anomalies: 0,
    duplicate_anomalies: 0,
    unexpected_messages: 0,
    state_equals_twin: true,
  })
  expect(findings.acked).toBeGreaterThan(1_000)
  expect(findings.messages).toBeGreaterThan(50)
}, 180_000)
