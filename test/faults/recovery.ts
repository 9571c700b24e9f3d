// npm run --silent test:recovery -- --json: SIGKILL under full load, and how soon readings are taken again.
import { parseArgs } from 'node:util'
import { type Recovery, recover, recoveryBounds } from './recovery/recover.ts'

const { values } = parseArgs({
  options: {
    devices: { type: 'string', multiple: true, default: ['40', '400', '2000', '100000'] },
    seconds: { type: 'string', default: '25' },
    window: { type: 'string', default: '50' },
    connections: { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
  },
})

const wholeNumber = (name: string, text: string): number => {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new Error(`--${name} ${text}: give a whole number, 1 or more`)
}

const rows: Recovery[] = []
for (const text of values.devices) {
  const row = await recover({
    devices: wholeNumber('devices', text),
    loadSeconds: wholeNumber('seconds', values.seconds),
    window: wholeNumber('window', values.window),
    connections: wholeNumber('connections', values.connections),
    bounds: recoveryBounds,
    afterwardsMs: 5_000,
    progress: (line) => console.error(line),
  })
  console.error(JSON.stringify(row))
  rows.push(row)
}
const table = { rows, bounds: recoveryBounds, holds: rows.every(({ holds }) => holds) }
console.log(values.json ? JSON.stringify(table) : JSON.stringify(table, null, 2))
process.exitCode = table.holds ? 0 : 1
