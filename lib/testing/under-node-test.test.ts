import { expect, test } from 'vitest'
import { finished, spawnTypeScript } from '../../test/support/typescript-child.ts'

test('verifyBehavior works under node:test, and lets the process end', async () => {
  const { code, stdout } = await finished(
    spawnTypeScript(new URL('./under-node-test.fixture.ts', import.meta.url)),
  )
  expect(stdout).toMatch(/pass 2\b/)
  expect(code).toBe(0)
})
