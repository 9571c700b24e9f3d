import { anonymousPublisher } from './anonymous-publisher.ts'
import { damagedStore } from './damaged-store.ts'
import { deadLetterFlood } from './dead-letter-flood.ts'
import { deadLettersOfDevices } from './dead-letters-of-devices.ts'
import type { HostileFault } from './fault.ts'
import { forgedMessageId } from './forged-message-id.ts'
import { idleSockets } from './idle-sockets.ts'
import { killUnderLoad } from './kill-under-load.ts'
import { largeWills } from './large-wills.ts'
import { leavingSubscriber } from './leaving-subscriber.ts'
import { natsNotices } from './nats-notices.ts'
import { noisyNeighbor } from './noisy-neighbor.ts'
import { outputReaders } from './output-readers.ts'
import { protocolStrictness } from './protocol-strictness.ts'
import { refusalsReported } from './refusals-reported.ts'
import { takenPort } from './taken-port.ts'
import { unansweredQos2 } from './unanswered-qos2.ts'
import { unreadSubscriptions } from './unread-subscriptions.ts'
import { unreadableMessages } from './unreadable-messages.ts'
import { willsTogether } from './wills-together.ts'
import { writeVolume } from './write-volume.ts'

/** What `test:hostile` proves, in the order in which it does. */
export const hostileFaults: readonly HostileFault[] = [
  leavingSubscriber,
  unreadableMessages,
  killUnderLoad,
  unansweredQos2,
  largeWills,
  unreadSubscriptions,
  deadLetterFlood,
  outputReaders,
  refusalsReported,
  forgedMessageId,
  anonymousPublisher,
  idleSockets,
  willsTogether,
  protocolStrictness,
  noisyNeighbor,
  damagedStore,
  writeVolume,
  natsNotices,
  deadLettersOfDevices,
  takenPort,
]
