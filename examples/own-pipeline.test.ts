import { expect, test } from 'vitest'
import { tryPipeline } from '../test/package/try-pipeline.ts'
import { temporaryFolder } from '../test/support/temporary-folder.ts'

test('a pipeline of one’s own prints a jump, and ends when it is interrupted', async () => {
  const hooks = new URL('../test/support/typescript-hooks.js', import.meta.url).href
  const program = new URL('./own-pipeline.ts', import.meta.url).pathname
  const words = await tryPipeline([process.execPath, '--import', hooks], program, temporaryFolder())
  expect(words).toBeUndefined()
})
