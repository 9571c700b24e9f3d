import type { AedesPublishPacket } from 'aedes'
import { matchesFilter } from './topic-filter.ts'

type Listener = (packet: AedesPublishPacket, done: () => void) => void

/**
 * What Aedes tells itself under `$SYS/`, such as that a client has arrived: its `mq`. Clients neither publish
 * here nor listen: what they publish is sent to subscribers by the fan-out.
 */
export class SystemEvents {
  private readonly listeners: { readonly filter: string; readonly listener: Listener }[] = []

  on(filter: string, listener: Listener, done?: () => void): this {
    if (isSystem(filter)) this.listeners.push({ filter, listener })
    done?.()
    return this
  }

  removeListener(_filter: string, _listener: Listener, done?: () => void): this {
    done?.()
    return this
  }

  emit(packet: AedesPublishPacket, done: (error?: Error) => void): void {
    for (const { filter, listener } of this.listeners)
      if (matchesFilter(filter, packet.topic)) listener(packet, () => {})
    done()
  }

  close(done: () => void): void {
    setImmediate(done)
  }
}

const isSystem = (topic: string): boolean => topic.startsWith('$')
