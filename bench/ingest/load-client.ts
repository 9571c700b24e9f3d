import { connect, type Socket } from 'node:net'
import { connectPacket } from '../publish-packet.ts'

/**
 * An MQTT client that costs almost nothing: its packets are built beforehand, all of one length, and it
 * learns of PUBACKs by counting bytes. It keeps `window` of them in flight.
 */
export class LoadClient {
  acknowledged = 0
  /** Called when PUBACKs have arrived and are counted. */
  onAcks: () => void = () => {}
  private readonly socket: Socket
  private readonly ring: Buffer
  private readonly packetBytes: number
  private next = 0
  private spareBytes = 0
  private inFlight = 0
  private allowance = 0

  /** @param ring packets one after the other, sent over and over; message ids must not repeat in a window. */
  static async open(port: number, clientId: string, ring: Buffer, packetBytes: number): Promise<LoadClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    socket.write(connectPacket(clientId))
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.once('data', (bytes) => {
        if (bytes[0] === 0x20 && bytes[3] === 0) resolve()
        else reject(new Error(`${clientId} was refused: ${bytes.toString('hex')}`))
      })
    })
    return new LoadClient(socket, ring, packetBytes)
  }

  private constructor(socket: Socket, ring: Buffer, packetBytes: number) {
    this.socket = socket
    this.ring = ring
    this.packetBytes = packetBytes
    socket.on('data', (bytes) => this.countAcks(bytes.length))
  }

  /** Keeps `window` publishes in flight from now on; 0 lets those in flight run out. */
  keep(window: number): void {
    this.allowance = window
    this.fill()
  }

  /** Sends `count` more, whatever is in flight. */
  send(count: number): void {
    this.inFlight += count
    const packets = this.ring.length / this.packetBytes
    for (let left = count; left > 0; ) {
      const run = Math.min(left, packets - this.next)
      this.socket.write(
        this.ring.subarray(this.next * this.packetBytes, (this.next + run) * this.packetBytes),
      )
      this.next = (this.next + run) % packets
      left -= run
    }
  }

  close(): void {
    this.socket.destroy()
  }

  private fill(): void {
    if (this.inFlight < this.allowance) this.send(this.allowance - this.inFlight)
  }

  private countAcks(bytes: number): void {
    const acks = Math.floor((this.spareBytes + bytes) / pubackBytes)
    this.spareBytes = (this.spareBytes + bytes) % pubackBytes
    this.acknowledged += acks
    this.inFlight -= acks
    this.onAcks()
    // One write for many: with one for each PUBACK the load would cost more than the broker does.
    if (this.inFlight <= this.allowance / 2) this.fill()
  }
}

const pubackBytes = 4
