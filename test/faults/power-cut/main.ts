// npm run-style: node scripts/run.js test/faults/power-cut/main. Prints one JSON line, exits 1 when it fails.
import { provePowerCut } from './prove-power-cut.ts'

const proof = await provePowerCut()
console.log(JSON.stringify(proof))
process.exitCode = proof.holds ? 0 : 1
