// node scripts/count-tests.js <report> <exit code>: the last line of a CI run, from vitest's JSON report.
import { readFileSync } from 'node:fs'

const [report, exitCode] = process.argv.slice(2)
const counts = () => {
  try {
    return JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return { numPassedTests: 0, numFailedTests: 0 }
  }
}
const { numPassedTests: passed, numFailedTests } = counts()
// A file that does not load, lint and types fail without a failed test.
const failed = exitCode === '0' ? numFailedTests : Math.max(1, numFailedTests)
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)
