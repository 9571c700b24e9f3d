import { expect, test } from 'vitest'
import { nodeAtHand } from './package/node-programs.ts'
import { provePackage } from './package/prove-package.ts'

test('the package, installed in an empty project, runs what the README shows', async () => {
  const said: string[] = []
  const proof = await provePackage({ nodes: [nodeAtHand], say: (line) => said.push(line) })
  expect(proof, said.join('\n')).toMatchObject({
    node: [process.versions.node],
    typescript: true,
    javascript: true,
    bin: true,
    holds: true,
  })
}, 180_000)
