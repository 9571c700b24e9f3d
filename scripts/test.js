// npm test: bootstraps, then lint, types and every test. With arguments only the tests, given to vitest.
// With TIDEMARK_TEST_REPORT, the results are also written there as JSON.
import { bootstrap } from './bootstrap.js'
import { runCommand } from './run-command.js'
import { say } from './say.js'

await bootstrap({ natsProgram: true })
// Programs that tests start are what was built just now: they start in half the time.
process.env.TIDEMARK_IS_BUILT = '1'

const tool = (script, args) =>
  runCommand(process.execPath, [`node_modules/${script}`, ...args], { stdout: true })
const rest = process.argv.slice(2)
const report = process.env.TIDEMARK_TEST_REPORT
const reporters = report ? ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`] : []

const steps = [
  ['lint', () => tool('@biomejs/biome/bin/biome', ['check', '--error-on-warnings', '.'])],
  ['types', () => tool('typescript/bin/tsc', ['--noEmit'])],
  ['tests', () => tool('vitest/vitest.mjs', ['run', ...reporters, ...rest])],
]
const failed = []
for (const [name, run] of rest.length > 0 ? steps.slice(-1) : steps) {
  say(`${name} ...`)
  if ((await run()) !== 0) failed.push(name)
}
if (failed.length > 0) say(`failed: ${failed.join(', ')}`)
process.exit(failed.length > 0 ? 1 : 0)
