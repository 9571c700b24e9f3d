import { describe, expect, test } from 'vitest'
import type { HostileFault } from './faults/hostile/fault.ts'
import { hostileFaults } from './faults/hostile/faults.ts'
import { proveFaults } from './faults/hostile/prove-faults.ts'

describe('the report', () => {
  const fault = (id: string, prove: HostileFault['prove']): HostileFault => ({
    id,
    what: `fault ${id}`,
    prove,
  })
  const options = { scale: 'small', progress: () => {} } as const

  test('has one entry for each id, true when every fault of that id holds', async () => {
    const faults = [
      fault('R10', async () => ({ holds: true })),
      fault('R2', async () => ({ holds: false })),
      fault('R2', async () => ({ holds: true })),
    ]
    const report = await proveFaults(faults, options)
    expect(JSON.stringify(report)).toBe('{"R2":false,"R10":true,"holds":false}')
  })

  test('counts a proof that throws as one that does not hold, and goes on', async () => {
    const faults = [
      fault('R1', async () => Promise.reject(new Error('the process ended'))),
      fault('R2', async () => ({ holds: true })),
    ]
    expect(await proveFaults(faults, options)).toEqual({ R1: false, R2: true, holds: false })
  })
})

for (const { id, what, prove } of hostileFaults) {
  test(`${id}: ${what}`, async () => {
    const said: string[] = []
    const proof = await prove({ scale: 'small', progress: (line) => said.push(line) })
    expect(proof, said.join('\n')).toMatchObject({ holds: true })
  }, 120_000)
}
