// What stands in for mosquitto_pub where that is not installed: the same options, as far as pages use them.
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { connectAsync } from 'mqtt'

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    host: { ...text, short: 'h', default: '127.0.0.1' },
    port: { ...text, short: 'p', default: '1883' },
    qos: { ...text, short: 'q', default: '0' },
    topic: { ...text, short: 't', default: '' },
    message: { ...text, short: 'm', default: '' },
    lines: { type: 'boolean', short: 'l', default: false },
  },
})
const client = await connectAsync(`mqtt://${values.host}:${values.port}`, { reconnectPeriod: 0 })
const publish = (message: string): Promise<unknown> =>
  client.publishAsync(values.topic, message, { qos: values.qos === '0' ? 0 : 1 })
if (values.lines) for await (const line of createInterface(process.stdin)) await publish(line)
else await publish(values.message)
await client.endAsync()
