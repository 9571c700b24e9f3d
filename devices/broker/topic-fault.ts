import { excerpt } from '../formats/excerpt.ts'
import type { BrokerLimits } from './limits.ts'

/** Why nobody shall see a publish on `topic`, neither as a reading nor as a subscriber; or undefined. */
export const topicFault = (topic: string, { topicBytes, topicLevels }: BrokerLimits): string | undefined => {
  if (topic.length * 3 > topicBytes && Buffer.byteLength(topic) > topicBytes)
    return `topic ${excerpt(topic)} is longer than ${topicBytes} bytes: shorten it`
  if (topic.startsWith('$'))
    return `topic ${excerpt(topic)} starts with "$", which is the broker's own: rename it`
  if (unprintable.test(topic))
    return `topic ${excerpt(topic)} has a wildcard, a control character or invalid UTF-8: rename it`
  let levels = 1
  for (let slash = topic.indexOf('/'); slash >= 0; slash = topic.indexOf('/', slash + 1)) levels++
  if (levels > topicLevels) return `topic ${excerpt(topic)} has more than ${topicLevels} levels: shorten it`
  return undefined
}

/** U+FFFD is what a decoder puts where bytes are no UTF-8: different bytes would share one name. */
const unprintable = /[+#\p{Cc}\ufffd]/u
