// npm run --silent test:poison -- --json: what 100 devices whose behavior always throws cost 9,900 others.
import { parseArgs } from 'node:util'
import { provePoison } from './poison/prove-poison.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '12' }, json: { type: 'boolean', default: false } },
})
const rounds = Number(values.rounds)
if (!(Number.isInteger(rounds) && rounds > 0)) throw new Error(`--rounds ${values.rounds}: give 1 or more`)

const { proof } = await provePoison({ rounds, say: (line) => console.error(line) })
console.log(values.json ? JSON.stringify(proof) : JSON.stringify(proof, null, 2))
process.exitCode = proof.holds ? 0 : 1
