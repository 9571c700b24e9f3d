import { type Duration, seconds } from '../../lib/time/duration.ts'

/** What clients may ask of the broker. Everything beyond is refused, counted, and said why. */
export interface BrokerLimits {
  /**
   * Bytes of one MQTT packet. A longer PUBLISH is dropped as it arrives, except for its beginning:
   * it is acknowledged, and a dead letter. Any other longer packet closes the connection before it
   * is buffered.
   */
  readonly packetBytes: number
  readonly topicBytes: number
  readonly topicLevels: number
  readonly clientIdBytes: number
  /** Metrics one device may have. */
  readonly metricsPerDevice: number
  /** Devices never seen before, a second, once the burst is used up. */
  readonly newDevicesPerSecond: number
  readonly newDevicesBurst: number
  /** Devices remembered as seen; the longest silent are forgotten beyond it. */
  readonly devices: number
  /**
   * Pairs of topic and kind of fault that are counted separately; beyond it all others are counted as one.
   */
  readonly faultKinds: number
  /** Subscriptions of one client. */
  readonly subscriptions: number
  /**
   * Bytes held for all clients, whatever for. Beyond it those for which most is held are disconnected. What
   * `heldBytes`, `retainedBytes`, `fanOutBytes` and `willBytes` allow has to fit.
   */
  readonly memoryBytes: number
  /**
   * Publishes, readings and bytes of them, held unacknowledged over all clients. A client whose own are as
   * many as there is room left for waits.
   */
  readonly heldPublishes: number
  readonly heldReadings: number
  readonly heldBytes: number
  /** Retained messages, and bytes of them, kept of the topics for which they are allowed. */
  readonly retainedMessages: number
  readonly retainedBytes: number
  /**
   * Publishes a second of one connection, once the burst is used up. One that has more is not read from for
   * a while, and loses nothing.
   */
  readonly publishesPerSecond: number
  readonly publishesBurst: number
  /** Bytes waiting for a client that does not read them, before it is disconnected. */
  readonly unreadBytes: number
  /** Bytes of publishes that wait to be sent to subscribers. A publish beyond it is not shown to them. */
  readonly fanOutBytes: number
  /** Bytes of the wills of all connected clients. A CONNECT with one more is refused. */
  readonly willBytes: number
  readonly connections: number
  /**
   * Connections without an accepted CONNECT. One more closes the oldest of the address that has most of them.
   */
  readonly unauthenticated: number
  /**
   * New connections a second, once the burst is used up. A tenth of it is left for addresses that connect
   * seldom.
   */
  readonly connectsPerSecond: number
  readonly connectsBurst: number
  /** How long a new connection may take to send its CONNECT. */
  readonly connectTimeout: Duration
}

export const brokerLimits: BrokerLimits = {
  packetBytes: 65_536,
  topicBytes: 256,
  topicLevels: 8,
  clientIdBytes: 64,
  metricsPerDevice: 64,
  newDevicesPerSecond: 100,
  newDevicesBurst: 20_000,
  devices: 1_000_000,
  faultKinds: 1_000,
  subscriptions: 64,
  memoryBytes: 128 * 1_048_576,
  heldPublishes: 20_000,
  heldReadings: 20_000,
  heldBytes: 32 * 1_048_576,
  retainedMessages: 10_000,
  retainedBytes: 16 * 1_048_576,
  publishesPerSecond: Number.POSITIVE_INFINITY,
  publishesBurst: 500,
  unreadBytes: 1_048_576,
  fanOutBytes: 8 * 1_048_576,
  willBytes: 16 * 1_048_576,
  connections: 20_000,
  unauthenticated: 1_000,
  connectsPerSecond: 1_000,
  connectsBurst: 5_000,
  connectTimeout: seconds(5),
}
