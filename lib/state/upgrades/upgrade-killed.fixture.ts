import { openForWriting } from '../environment/environment.ts'

// Opens a store for writing and kills itself at the n-th call that says how far its upgrade has come.
const [path, n] = process.argv.slice(2) as [string, string]

let calls = 0
const onRows = (): void => {
  if (++calls === Number(n)) process.kill(process.pid, 'SIGKILL')
}
const { root } = openForWriting(path, { upgrading: { onRows, rowsAtOnce: 6 } })
await root.close()
process.stdout.write(`${calls}`)
