import { PacketFields, ProtocolViolation, UnsupportedVersion } from './packet-fields.ts'
import { filterFault } from './topic-filter.ts'
import { isTopicName } from './topic-name.ts'

/**
 * Throws a ProtocolViolation unless the packet in `[start, end)` of `bytes` is one that MQTT 3.1.1 lets a
 * client send at this point. Aedes, which gets it next, lets some pass that the standard does not.
 *
 * @param isFirst whether it is the first packet of its connection, which has to be the CONNECT.
 */
export const checkPacket = (bytes: Buffer, start: number, end: number, isFirst: boolean): void => {
  const type = bytes[start]! >> 4
  const rule = rules.get(type)
  if (!rule) throw new ProtocolViolation(`a packet of type ${type}, which no client sends`)
  if (isFirst !== (rule === connect))
    throw new ProtocolViolation(
      isFirst ? `a ${rule.name} before the CONNECT` : 'a second CONNECT on one connection',
    )
  let place = start + 1
  while (bytes[place++]! >= 0x80);
  const fields = new PacketFields(`a ${rule.name}`, bytes, place, end)
  const flags = bytes[start]! & 0x0f
  if (rule.flags !== undefined && flags !== rule.flags)
    fields.violate(`header flags ${flags}: they have to be ${rule.flags}`)
  rule.check(fields, flags)
  fields.close()
}

interface PacketRule {
  readonly name: string
  /** The lower four bits of the first byte; undefined when they mean something. */
  readonly flags?: number
  /** Reads all fields. */
  readonly check: (fields: PacketFields, flags: number) => void
}

const connect: PacketRule = {
  name: 'CONNECT',
  flags: 0,
  check(fields) {
    checkProtocol(fields)
    const flags = fields.byte('byte of connect flags')
    const has = (flag: number): boolean => (flags & flag) !== 0
    const willQos = (flags >> 3) & 3
    if (has(0x01)) fields.violate('its reserved connect flag set')
    if (!has(0x04) && (willQos > 0 || has(0x20)))
      fields.violate('a QoS or retain flag for a will, and no will')
    if (willQos === 3) fields.violate('a will of QoS 3')
    if (has(0x40) && !has(0x80)) fields.violate('a password and no user name')
    fields.number('keep-alive')
    fields.text('client id')
    if (has(0x04)) {
      checkTopic(fields, 'will topic')
      fields.block('will message')
    }
    if (has(0x80)) fields.text('user name')
    if (has(0x40)) fields.block('password')
  },
}

/** MQTT 3.1 calls itself MQIsdp. A bridge of mosquitto sets the highest bit of the level. */
const checkProtocol = (fields: PacketFields): void => {
  const protocol = fields.text('protocol name')
  const level = fields.byte('protocol level')
  if (protocol !== 'MQTT' && protocol !== 'MQIsdp') fields.violate('a protocol name other than MQTT')
  if ((level & 0x7f) !== (protocol === 'MQTT' ? 4 : 3))
    throw new UnsupportedVersion(protocol === 'MQTT' && level === 5 ? 'MQTT 5' : `${protocol} level ${level}`)
}

const checkTopic = (fields: PacketFields, field: string): void => {
  if (!isTopicName(fields.text(field))) fields.violate(`a ${field} that is empty or has a wildcard`)
}

const checkFilter = (fields: PacketFields): void => {
  const fault = filterFault(fields.text('topic filter'))
  if (fault) fields.violate(`a topic filter with a fault: ${fault}`)
}

const publish: PacketRule = {
  name: 'PUBLISH',
  check(fields, flags) {
    const qos = (flags >> 1) & 3
    if (qos === 3) fields.violate('QoS 3')
    if (qos === 0 && (flags & 8) !== 0) fields.violate('DUP with QoS 0')
    checkTopic(fields, 'topic')
    if (qos > 0) fields.messageId()
    fields.rest()
  },
}

const subscribe: PacketRule = {
  name: 'SUBSCRIBE',
  flags: 2,
  check(fields) {
    fields.messageId()
    if (fields.isAtEnd) fields.violate('no topic filter')
    while (!fields.isAtEnd) {
      checkFilter(fields)
      if (fields.byte('requested QoS') > 2) fields.violate('a requested QoS above 2')
    }
  },
}

const unsubscribe: PacketRule = {
  name: 'UNSUBSCRIBE',
  flags: 2,
  check(fields) {
    fields.messageId()
    if (fields.isAtEnd) fields.violate('no topic filter')
    while (!fields.isAtEnd) checkFilter(fields)
  },
}

const answer = (name: string, flags = 0): PacketRule => ({
  name,
  flags,
  check: (fields) => fields.messageId(),
})
const bare = (name: string): PacketRule => ({ name, flags: 0, check() {} })

const rules = new Map<number, PacketRule>([
  [1, connect],
  [3, publish],
  [4, answer('PUBACK')],
  [5, answer('PUBREC')],
  [6, answer('PUBREL', 2)],
  [7, answer('PUBCOMP')],
  [8, subscribe],
  [10, unsubscribe],
  [12, bare('PINGREQ')],
  [14, bare('DISCONNECT')],
])
