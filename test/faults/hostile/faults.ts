import type { HostileFault } from './fault.ts'
import { outputReaders } from './output-readers.ts'
import { unreadableMessages } from './unreadable-messages.ts'

/** What `test:hostile` proves, in the order in which it does. */
export const hostileFaults: readonly HostileFault[] = [unreadableMessages, outputReaders]
