import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { Backlog } from './backlog.ts'
import type { Gate, Waiting } from './gate.ts'
import type { BrokerLimits } from './limits.ts'
import { packets } from './packets.ts'

/**
 * A client's socket, as the broker sees it: whole packets of bounded length, no more of them than the gate
 * allows, and nothing but the CONNECT before that is accepted. What goes out in one turn leaves in one
 * write, and a client that does not read it is disconnected instead of being waited for.
 */
export class Connection extends Duplex implements Waiting {
  /** CONNACK code with which the CONNECT is to be refused, 0 when it is not. */
  refusal = 0
  /** Whether the client chose its id, and so may return under it. */
  named = false
  readonly remote: string
  private readonly socket: Socket
  private readonly gate: Gate
  private readonly limits: BrokerLimits
  private readonly population: () => number
  private readonly backlog = new Backlog()
  private introduced = false
  private accepted = false
  private wanted = false
  private paused = false
  private ended = false

  constructor(socket: Socket, gate: Gate, limits: BrokerLimits, population: () => number) {
    super({ readableHighWaterMark: 1, writableHighWaterMark: Number.MAX_SAFE_INTEGER })
    this.socket = socket
    this.gate = gate
    this.limits = limits
    this.population = population
    this.remote = socket.remoteAddress ?? ''
    socket.on('data', (bytes) => this.receive(bytes))
    socket.on('end', () => this.finish())
    socket.on('error', (error) => this.destroy(error))
    socket.on('close', () => this.destroy())
  }

  /** The CONNECT was accepted: from now on everything may follow. */
  accept(): void {
    this.accepted = true
    this.advance()
  }

  /** Hands over what is whole and allowed, when it is asked for. */
  advance(): void {
    if (!this.wanted || this.destroyed) return
    try {
      this.handOver()
    } catch (error) {
      this.destroy(error as Error)
    }
  }

  override _read(): void {
    this.wanted = true
    this.advance()
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.send(bytes, done)
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error) => void): void {
    let length = 0
    for (const { chunk } of chunks) length += chunk.length
    const bytes = Buffer.allocUnsafe(length)
    let end = 0
    for (const { chunk } of chunks) {
      bytes.set(chunk, end)
      end += chunk.length
    }
    this.send(bytes, done)
  }

  override _final(done: () => void): void {
    this.socket.end()
    done()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.gate.forget(this)
    this.socket.destroy()
    done(error)
  }

  private receive(bytes: Buffer): void {
    this.backlog.append(bytes)
    this.advance()
    if (this.paused || this.backlog.bytes.length < this.limits.packetBytes) return
    this.paused = true
    this.socket.pause()
  }

  private handOver(): void {
    const { publishes, bytes } = this.gate.share(this.population())
    const { packetBytes } = this.limits
    const run = packets(this.backlog.bytes, {
      packets: this.accepted ? Number.POSITIVE_INFINITY : this.introduced ? 0 : 1,
      publishes,
      bytes,
      packetBytes,
    })
    if (run.more && this.accepted) this.gate.wait(this)
    if (run.end > 0) {
      this.introduced = true
      this.wanted = false
      this.push(this.backlog.remove(run.end))
    } else if (this.ended && !run.more) this.push(null)
    if (!this.paused || this.backlog.bytes.length >= packetBytes) return
    this.paused = false
    this.socket.resume()
  }

  private finish(): void {
    this.ended = true
    this.advance()
  }

  private send(bytes: Buffer, done: (error?: Error) => void): void {
    this.socket.write(bytes)
    const unread = this.socket.writableLength
    if (unread <= this.limits.unreadBytes) done()
    else done(new Error(`${unread} bytes wait for a client that does not read them`))
  }
}
