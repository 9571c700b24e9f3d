import { freePort } from '../../cli/free-port.ts'
import { openInstance } from '../../cli/open-instance.ts'
import { answer } from './target.ts'

// All that `tidemark start` runs, without the simulated plant. The folder for its data is the argument.
const onNotice = (line: string): void => void process.stderr.write(`${line}\n`)
const instance = await openInstance({ data: process.argv[2]!, port: await freePort(21_800), onNotice })
answer({ port: instance.mqtt.port, nats: instance.natsUrl }, () =>
  instance.close().then(() => process.exit()),
)
await instance.ended
