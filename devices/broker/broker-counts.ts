/** What the broker has seen since it was opened. */
export interface BrokerCounts {
  /** Publishes received, wills included. */
  received: number
  /** Publishes acknowledged, QoS 0 included: durable, whether readable or not. */
  acknowledged: number
  readings: number
  /** Publishes of which something could not be read. */
  unreadable: number
  /** Publishes on a topic that is too long, too deep, reserved or unprintable. */
  badTopic: number
  /** Readings of a device or metric beyond the limits. */
  beyondLimits: number
  /** Publishes whose retain flag was dropped: their topic is not allowed to, or there is no room. */
  retainDropped: number
  /** Times a client was made to wait because it published faster than it may. */
  slowedDown: number
  /** QoS 0 publishes taken and not made durable. Their devices will not send them again. */
  qos0Lost: number
  /** Publishes of QoS 1 and 2 taken and not made durable. Their devices send them again. */
  unacknowledged: number
  /** Publishes that subscribers were not shown, because sending fell too far behind. */
  notShown: number
  /** Clients disconnected because too much was held for them while all clients held too much. */
  disconnectedForMemory: number
  /** Connections refused, or closed before their CONNECT, because there were too many. */
  refusedConnections: number
  /** Those for which the process had no file descriptor left. */
  outOfDescriptors: number
  /** CONNECTs of another version than MQTT 3.1 and 3.1.1. */
  refusedVersions: number
  refusedClientIds: number
  /** CONNECTs with an id that two clients use, which disconnect each other. */
  sharedClientIds: number
  /** CONNECTs refused because there is no room for their will. */
  refusedWills: number
  refusedSubscriptions: number
  /** Connections closed for a packet that MQTT 3.1.1 does not allow. */
  protocolViolations: number
  /** Publishes that were too long to be read, acknowledged all the same. */
  oversizePublishes: number
  /** Connections closed for another packet that is too long. */
  packetsTooLong: number
  /** Connections closed because the client did not read what it was sent. */
  notReading: number
}

export const noCounts = (): BrokerCounts => ({
  received: 0,
  acknowledged: 0,
  readings: 0,
  unreadable: 0,
  badTopic: 0,
  beyondLimits: 0,
  retainDropped: 0,
  slowedDown: 0,
  qos0Lost: 0,
  unacknowledged: 0,
  notShown: 0,
  disconnectedForMemory: 0,
  refusedConnections: 0,
  outOfDescriptors: 0,
  refusedVersions: 0,
  refusedClientIds: 0,
  sharedClientIds: 0,
  refusedWills: 0,
  refusedSubscriptions: 0,
  protocolViolations: 0,
  oversizePublishes: 0,
  packetsTooLong: 0,
  notReading: 0,
})
