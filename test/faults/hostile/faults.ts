import { anonymousPublisher } from './anonymous-publisher.ts'
import type { HostileFault } from './fault.ts'
import { forgedMessageId } from './forged-message-id.ts'
import { leavingSubscriber } from './leaving-subscriber.ts'
import { outputReaders } from './output-readers.ts'
import { unreadableMessages } from './unreadable-messages.ts'
import { willsTogether } from './wills-together.ts'

/** What `test:hostile` proves, in the order in which it does. */
export const hostileFaults: readonly HostileFault[] = [
  leavingSubscriber,
  unreadableMessages,
  outputReaders,
  forgedMessageId,
  anonymousPublisher,
  willsTogether,
]
