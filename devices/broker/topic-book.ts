import { isAscii, isUtf8 } from 'node:buffer'
import type { Fault, Format, TopicReader } from '../formats/format.ts'
import { RecentMap } from '../recent-map.ts'
import type { BrokerLimits } from './limits.ts'
import { topicFault } from './topic-fault.ts'
import { isTopicName } from './topic-name.ts'

/** A topic that has been published on, and what looking at it once has shown. */
export interface Topic {
  readonly name: string
  /** FNV-1a of its bytes. */
  readonly hash: number
  /** Why nobody shall see what is published on it. */
  readonly fault: Fault | undefined
  /** Whether MQTT lets a client publish on it. */
  readonly isName: boolean
  /** Reads what is published on it. */
  readonly reader: TopicReader
  /** Device and metric of a reading from it that kept to the limits on their number. */
  admittedDevice: string | undefined
  admittedMetric: string | undefined
}

interface Page extends Topic {
  /** A character for each byte: nearer by than an array of them, and for most topics the name itself. */
  readonly bytes: string
}

/**
 * Topics by their bytes: a device publishes on the same few for ever, and a name that is found costs no
 * decoding and no checking. Names that are the same string, not only equal ones, are found faster later on.
 */
export class TopicBook {
  private readonly format: Format
  private readonly limits: BrokerLimits
  private readonly pages = new RecentMap<number, Page>(topicsRemembered)

  constructor(format: Format, limits: BrokerLimits) {
    this.format = format
    this.limits = limits
  }

  /** The topic whose name is the UTF-8 in `[start, end)` of `packet`. */
  find(packet: Buffer, start: number, end: number): Topic {
    const hash = hashOf(packet, start, end)
    const known = this.pages.get(hash)
    if (known && isSame(known.bytes, packet, start, end)) return known
    const slice = packet.subarray(start, end)
    const bytes = packet.toString('latin1', start, end)
    const name = isAscii(slice) ? bytes : decoder.decode(slice)
    const page: Page = {
      bytes,
      name,
      hash,
      fault: topicFault(name, this.limits),
      isName: isTopicName(name) && isUtf8(slice),
      reader: this.format.on(name),
      admittedDevice: undefined,
      admittedMetric: undefined,
    }
    // One that is too long is refused each time: remembering it would be what costs memory.
    if (bytes.length <= this.limits.topicBytes) this.pages.set(hash, page)
    return page
  }
}

const topicsRemembered = 20_000
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

const hashOf = (packet: Uint8Array, start: number, end: number): number => {
  let hash = 0x811c9dc5
  for (let place = start; place < end; place++) hash = Math.imul(hash ^ packet[place]!, 0x01000193)
  return hash
}

const isSame = (bytes: string, packet: Uint8Array, start: number, end: number): boolean => {
  if (bytes.length !== end - start) return false
  for (let place = 0; place < bytes.length; place++) {
    if (bytes.charCodeAt(place) !== packet[start + place]) return false
  }
  return true
}
