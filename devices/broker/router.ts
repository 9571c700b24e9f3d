import type { AedesPublishPacket } from 'aedes'
import mqemitter from 'mqemitter'

type Listener = Parameters<mqemitter.MQEmitter['on']>[1]

/**
 * Brings publishes to MQTT subscribers. Telemetry usually has none, and then costs no matching; and a
 * publish from a client never reaches what the broker itself listens to.
 */
export class Router {
  private readonly subscribers: mqemitter.MQEmitter
  private readonly forwards: (topic: string) => boolean
  private subscriptions = 0

  /** @param forwards whether subscribers may see a topic that a client published on. */
  constructor(forwards: (topic: string) => boolean) {
    this.forwards = forwards
    this.subscribers = mqemitter({ concurrency: 100, matchEmptyLevels: true })
  }

  on(topic: string, listener: Listener, done?: () => void): this {
    if (!isOwn(topic)) this.subscriptions++
    this.subscribers.on(topic, listener, done)
    return this
  }

  removeListener(topic: string, listener: Listener, done?: () => void): this {
    if (!isOwn(topic)) this.subscriptions--
    this.subscribers.removeListener(topic, listener, done)
    return this
  }

  emit(packet: AedesPublishPacket & { clientId?: string }, done: (error?: Error) => void): void {
    const { topic, clientId } = packet
    if (clientId === undefined ? this.subscriptions === 0 && !isOwn(topic) : !this.reaches(topic)) done()
    else this.subscribers.emit(packet, done)
  }

  close(done: () => void): void {
    this.subscribers.close(done)
  }

  /** Whether anybody may see what a client publishes on `topic`. */
  reaches(topic: string): boolean {
    return this.subscriptions > 0 && this.forwards(topic)
  }
}

const isOwn = (topic: string): boolean => topic.startsWith('$')
