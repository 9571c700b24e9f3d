import { setTimeout as wait } from 'node:timers/promises'
import { FloodClient } from '../../support/flood-client.ts'
import { RawMqtt } from '../../support/raw-mqtt.ts'
import { TidemarkProcess } from '../../support/tidemark-process.ts'
import type { HostileFault } from './fault.ts'

/** Cuts off many clients with wills of every QoS at once, and counts what a subscriber is shown. */
export const willsTogether: HostileFault = {
  id: 'R11',
  what: 'wills of every QoS that fire together are all taken, and all shown to subscribers',
  async prove({ scale, progress }) {
    const wills = scale === 'small' ? 60 : 900
    const tidemark = await TidemarkProcess.start()
    const watcher = await RawMqtt.connect(tidemark.port, 'watcher')
    try {
      watcher.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 'v1/#', qos: 1 }] })
      await watcher.until(() => watcher.count('suback') === 1)
      const clients: FloodClient[] = []
      for (let number = 0; number < wills; number++) {
        const qos = (number % 3) as 0 | 1 | 2
        const will = {
          topic: `v1/press-${qos}-${number}/alive`,
          payload: Buffer.from('0'),
          qos,
          retain: false,
        }
        clients.push(await FloodClient.connect(tidemark.port, `press-${number}`, { will }))
      }
      progress(`${wills} clients with wills are cut off`)
      for (const client of clients) client.close()
      const topics = (): string[] =>
        watcher.packets.flatMap((packet) => (packet.cmd === 'publish' ? [packet.topic] : []))
      const deadline = performance.now() + 10_000
      while (new Set(topics()).size < wills && performance.now() < deadline) await wait(20)
      // What is shown twice would follow at once.
      await watcher.ping()
      const shown = topics()
      const shownByQos = [0, 1, 2].map((qos) => shown.filter((topic) => topic.includes(`-${qos}-`)).length)
      const holds = new Set(shown).size === wills && shown.length === wills
      return { holds, wills, shownByQos }
    } finally {
      watcher.close()
      await tidemark.remove()
    }
  },
}
