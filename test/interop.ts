// npm run --silent test:interop -- --suite FOLDER --json: the MQTT 3.1.1 interoperability suite of Eclipse
// Paho, unmodified, against a real tidemark.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runSuite } from './interop/run-suite.ts'
import { TidemarkProcess } from './support/tidemark-process.ts'

const { values } = parseArgs({
  options: { suite: { type: 'string' }, json: { type: 'boolean', default: false } },
})
const { suite: folder } = values
if (folder === undefined || !existsSync(join(folder, 'interoperability', 'client_test.py'))) {
  console.error(
    `--suite ${folder ?? 'is missing'}: name a clone of the suite. Get it with\n` +
      '  git clone --depth 1 https://github.com/eclipse/paho.mqtt.testing.git\n' +
      'It is under the licenses EPL 1.0 and EDL 1.0, needs Python 3, and is not part of tidemark.',
  )
  process.exit(1)
}

// The suite has retained messages on topics of every kind.
const tidemark = await TidemarkProcess.start({ args: ['--retain', '#'] })
try {
  const result = await runSuite({ folder, port: tidemark.port, progress: (line) => console.error(line) })
  const report = { ...result, holds: result.failed.length === 0 && result.passed.length > 0 }
  console.log(values.json ? JSON.stringify(report) : JSON.stringify(report, null, 2))
  process.exitCode = report.holds ? 0 : 1
} finally {
  await tidemark.remove()
}
