// npm run --silent test:clocks -- --json: an outage that ends in history out of order, and bad clocks.
import { parseArgs } from 'node:util'
import { proveClocks } from './clocks/prove-clocks.ts'

const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, json: { type: 'boolean', default: false } },
})
const seed = Number(values.seed)
if (!Number.isInteger(seed)) throw new Error(`--seed ${values.seed}: give a whole number`)

const { proof } = await proveClocks({ seed, say: (line) => console.error(line) })
console.log(values.json ? JSON.stringify(proof) : JSON.stringify(proof, null, 2))
process.exitCode = proof.holds ? 0 : 1
