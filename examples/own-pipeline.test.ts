import { rmSync } from 'node:fs'
import { expect, onTestFinished, test } from 'vitest'
import { asInstalled } from '../test/documents/as-installed.ts'
import { makePageFolder } from '../test/documents/page-folder.ts'
import { tryPipeline } from '../test/package/try-pipeline.ts'
import { readText } from '../test/source-files.ts'

test('a pipeline of one’s own prints a jump, is killed, and jumps on from there', async () => {
  const { path } = await makePageFolder()
  onTestFinished(() => rmSync(path, { recursive: true, force: true }))
  const program = asInstalled(readText('examples/own-pipeline.ts'))
  expect(await tryPipeline(`${path}/bin/node`, program, path)).toBeUndefined()
})
