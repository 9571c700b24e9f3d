import { randomFrom } from '../../lib/statistics/random.ts'
import { publishPacket } from '../publish-packet.ts'
import { LoadClient } from './load-client.ts'

export interface LoadOptions {
  readonly port: number
  readonly clients: number
  readonly devices: number
  /** Values of each device until they repeat. */
  readonly values: number
}

/** Clients that publish healthy temperatures of many devices, each client those of its share. */
export class Load {
  /** Bytes of one packet, and what stands in it. */
  readonly packetBytes: number
  readonly sample: string
  private readonly clients: readonly LoadClient[]
  private next = 0

  static async open({ port, clients, devices, values }: LoadOptions): Promise<Load> {
    const share = Math.floor(devices / clients)
    const opened: LoadClient[] = []
    let packetBytes = 0
    for (let client = 0; client < clients; client++) {
      const random = randomFrom(1, client)
      const packets = Array.from({ length: share * values }, (_, count) =>
        publishPacket(topicOf(client * share + (count % share)), temperature(random.normal()), count + 1),
      )
      packetBytes = packets[0]!.length
      opened.push(await LoadClient.open(port, `load-${client}`, Buffer.concat(packets), packetBytes))
    }
    return new Load(opened, packetBytes)
  }

  private constructor(clients: readonly LoadClient[], packetBytes: number) {
    this.clients = clients
    this.packetBytes = packetBytes
    this.sample = `${topicOf(0)} ${temperature(0)}`
  }

  get acknowledged(): number {
    return this.clients.reduce((sum, client) => sum + client.acknowledged, 0)
  }

  /** Keeps `window` publishes of each client in flight. */
  keep(window: number): void {
    for (const client of this.clients) client.keep(window)
  }

  /** Sends `count` publishes, spread over the clients in turn. */
  send(count: number): void {
    const each = Math.ceil(count / this.clients.length)
    for (let left = count; left > 0; left -= each) {
      this.clients[this.next]!.send(Math.min(each, left))
      this.next = (this.next + 1) % this.clients.length
    }
  }

  close(): void {
    for (const client of this.clients) client.close()
  }
}

const topicOf = (device: number): string => `v1/sensor-${String(device).padStart(5, '0')}/temperature`

/** Always five characters, so that all packets are of one length. */
const temperature = (deviation: number): string => (50 + deviation).toFixed(2)
