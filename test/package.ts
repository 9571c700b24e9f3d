// npm run --silent test:package -- --json: packs, installs elsewhere, and runs what the README shows.
import { parseArgs } from 'node:util'
import { nodePrograms } from './package/node-programs.ts'
import { provePackage } from './package/prove-package.ts'

const { values } = parseArgs({
  options: {
    node: { type: 'string', default: '20,22,24' },
    json: { type: 'boolean', default: false },
  },
})
const majors = values.node.split(',')
if (!majors.every((major) => /^\d{2}$/.test(major))) {
  throw new Error(`--node ${values.node}: give versions of Node such as 20,22`)
}

const say = (line: string): void => console.error(line)
const proof = await provePackage({ nodes: await nodePrograms(majors), say })
console.log(values.json ? JSON.stringify(proof) : JSON.stringify(proof, null, 2))
process.exitCode = proof.holds ? 0 : 1
