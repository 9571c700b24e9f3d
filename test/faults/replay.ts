// npm run --silent test:replay -- --json: a recording out of order, twice and with a kill, against itself.
import { parseArgs } from 'node:util'
import { hours } from '../../lib/time/duration.ts'
import { generatedEvery, generatedRecording } from './replay/generated-recording.ts'
import { nabFile, nabRecording } from './replay/nab-recording.ts'
import { proveReplay } from './replay/prove-replay.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    nab: { type: 'string', default: nabFile },
    json: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
if (!Number.isInteger(seed)) throw new Error(`--seed ${values.seed}: give a whole number`)

const recorded = await nabRecording(values.nab)
const skipped = recorded ? {} : { skipped: `there is no ${values.nab}; a generated recording instead` }
const { readings, bound } = recorded
  ? { readings: recorded, bound: hours(1) }
  : { readings: generatedRecording(seed, 20_000), bound: 12 * generatedEvery }
const recording = recorded ? 'NAB machine temperature' : 'generated'
const proof = await proveReplay({ readings, bound, seed, say: (line) => console.error(line) })
const result = { recording, ...skipped, seed, ...proof }
console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, null, 2))
process.exitCode = proof.holds ? 0 : 1
