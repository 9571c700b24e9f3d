import type { HostileFault } from './fault.ts'
import { leavingSubscriber } from './leaving-subscriber.ts'
import { outputReaders } from './output-readers.ts'
import { unreadableMessages } from './unreadable-messages.ts'
import { willsTogether } from './wills-together.ts'

/** What `test:hostile` proves, in the order in which it does. */
export const hostileFaults: readonly HostileFault[] = [
  leavingSubscriber,
  unreadableMessages,
  outputReaders,
  willsTogether,
]
