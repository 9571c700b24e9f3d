import { expect, test } from 'vitest'
import { graphRun } from './faults/graph/graph-run.ts'
import { holds } from './faults/graph/graph-verdict.ts'

test('a graph killed at random and at every crash point loses, doubles and misses nothing', async () => {
  const said: string[] = []
  const seed = Date.now() % 1_000_000
  const findings = await graphRun({
    seed,
    randomKills: 3,
    killsAtEachPoint: 1,
    haste: 100,
    say: (line) => said.push(line),
  })
  expect(holds(findings), `seed ${seed}\n${JSON.stringify(findings)}\n${said.join('\n')}`).toBe(true)
  expect(findings.kills).toBe(15)
  expect(findings.publishes).toBeGreaterThan(1_000)
}, 180_000)
