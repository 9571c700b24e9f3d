// npm run --silent test:crash -- --kills 50 --json: kills the real pipeline under load, again and again.
import { parseArgs } from 'node:util'
import { PlantFailed } from './crash/crashing-plant.ts'
import { proveCrashes } from './crash/prove-crashes.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '50' },
    'each-point': { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
    'slow-disk': { type: 'boolean', default: false },
    'power-cut': { type: 'boolean', default: false },
    mutant: { type: 'string' },
  },
})

const wholeNumber = (name: string, text: string): number => {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new Error(`--${name} ${text}: give a whole number`)
}

const { mutant } = values
if (mutant !== undefined && mutant !== 'ack-before-flush' && mutant !== 'no-sync') {
  throw new Error(`--mutant ${mutant}: known are ack-before-flush and no-sync`)
}
const options = {
  seed: wholeNumber('seed', values.seed),
  randomKills: wholeNumber('kills', values.kills),
  killsAtEachPoint: wholeNumber('each-point', values['each-point']),
  only: values['slow-disk'] ? 'slow-disk' : values['power-cut'] ? 'power-cut' : undefined,
  mutant,
  say: (line: string): void => console.error(line),
} as const
const { holds, ...proof } = await proveCrashes(options).catch((error: unknown) => {
  if (!(error instanceof PlantFailed)) throw error
  return { holds: false, failed: error.message, seed: options.seed }
})
console.log(values.json ? JSON.stringify(proof) : JSON.stringify(proof, null, 2))
process.exitCode = holds ? 0 : 1
