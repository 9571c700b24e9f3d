// npm run --silent test:hostile -- --json: what hostile or broken neighbors can do to a running tidemark.
import { parseArgs } from 'node:util'
import { hostileFaults } from './hostile/faults.ts'
import { proveFaults } from './hostile/prove-faults.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    scale: { type: 'string', default: 'whole' },
    json: { type: 'boolean', default: false },
  },
})
const { only, scale } = values
if (scale !== 'small' && scale !== 'whole') throw new Error(`--scale ${scale}: give small or whole`)
const unknown = only.find((id) => !hostileFaults.some((fault) => fault.id === id))
if (unknown !== undefined) {
  const known = [...new Set(hostileFaults.map(({ id }) => id))].join(', ')
  throw new Error(`--only ${unknown}: known are ${known}`)
}

const chosen = hostileFaults.filter(({ id }) => only.length === 0 || only.includes(id))
const report = await proveFaults(chosen, { scale, progress: (line) => console.error(line) })
console.log(values.json ? JSON.stringify(report) : JSON.stringify(report, null, 2))
process.exitCode = report.holds ? 0 : 1
