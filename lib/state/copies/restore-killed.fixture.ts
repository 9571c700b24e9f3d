import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

// Restores a backup and kills itself before the n-th change of a name in the file system.
const [backup, store, n] = process.argv.slice(2) as [string, string, string]

let changes = 0
for (const name of ['renameSync', 'rmSync', 'unlinkSync', 'linkSync', 'mkdirSync'] as const) {
  const change = fs[name] as (...args: unknown[]) => unknown
  Object.assign(fs, {
    [name]: (...args: unknown[]) => {
      if (++changes === Number(n)) process.kill(process.pid, 'SIGKILL')
      return change(...args)
    },
  })
}
syncBuiltinESMExports()

const { restoreStore } = await import('./restore-store.ts')
await restoreStore(backup, store, { force: true })
process.stdout.write(`${changes}`)
