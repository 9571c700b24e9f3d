// npm run --silent test:graph -- --kills 50 --each-point 5 --json: kills a graph of stages under load, again
// and again.
import { parseArgs } from 'node:util'
import { PlantFailed } from './crash/crashing-plant.ts'
import { graphRun } from './graph/graph-run.ts'
import { holds } from './graph/graph-verdict.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    'each-point': { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
  },
})

const wholeNumber = (name: string, text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`--${name} ${text}: give a whole number`)
}

const seed = wholeNumber('seed', values.seed)
console.error(`seed ${seed}`)
const proof = await graphRun({
  seed,
  randomKills: wholeNumber('kills', values.kills),
  killsAtEachPoint: wholeNumber('each-point', values['each-point']),
  say: (line) => console.error(line),
}).catch((error: unknown) => {
  if (!(error instanceof PlantFailed)) throw error
  return { failed: error.message }
})
console.log(JSON.stringify({ seed, ...proof }, null, values.json ? 0 : 2))
process.exitCode = !('failed' in proof) && holds(proof) ? 0 : 1
