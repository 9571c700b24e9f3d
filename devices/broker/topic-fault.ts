import { excerpt } from '../formats/excerpt.ts'
import type { Fault } from '../formats/format.ts'
import type { BrokerLimits } from './limits.ts'

/** Why no reading is taken from `topic`, and no subscriber sees it; or undefined. */
export const topicFault = (topic: string, { topicBytes, topicLevels }: BrokerLimits): Fault | undefined => {
  const name = `topic ${excerpt(topic)}`
  if (topic.length * 3 > topicBytes && Buffer.byteLength(topic) > topicBytes)
    return { kind: 'topic too long', message: `${name} is longer than ${topicBytes} bytes: shorten it` }
  if (topic.startsWith('$'))
    return {
      kind: 'topic reserved',
      message: `${name} starts with "$", which is the broker's own: rename it`,
    }
  if (unprintable.test(topic))
    return {
      kind: 'topic unprintable',
      message: `${name} has a wildcard, a control character or invalid UTF-8: rename it`,
    }
  let levels = 1
  for (let slash = topic.indexOf('/'); slash >= 0; slash = topic.indexOf('/', slash + 1)) levels++
  if (levels > topicLevels)
    return { kind: 'topic too deep', message: `${name} has more than ${topicLevels} levels: shorten it` }
  return undefined
}

/** U+FFFD is what a decoder puts where bytes are no UTF-8: different bytes would share one name. */
const unprintable = /[+#\p{Cc}\ufffd]/u
