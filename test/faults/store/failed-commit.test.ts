import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { finished, typeScriptCommand } from '../../support/typescript-child.ts'

const program = new URL('./fail-and-retry.ts', import.meta.url)

// A limit on file size makes the system refuse writes as a full disk does. Only Linux can lift it
// again.
test.runIf(process.platform === 'linux')(
  'a commit that the disk refuses leaves nothing, ends no process, and succeeds unchanged later',
  async () => {
    const [command, args] = typeScriptCommand(program, [temporaryFolder()])
    const child = spawn('prlimit', ['--fsize=400000:unlimited', command, ...args])
    const { stdout, code } = await finished(child)
    expect(code).toBe(0)
    const { failures, ...numbers } = JSON.parse(stdout) as { failures: string[] }
    expect(numbers).toEqual({ before: 1, kept: 1, after: 2 })
    expect(failures).toHaveLength(3)
    for (const failure of failures)
      expect(failure).toMatch(/could not write: EFBIG: file too large, write; nothing .* was kept/)
  },
)
