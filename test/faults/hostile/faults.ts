import type { HostileFault } from './fault.ts'

/** What `test:hostile` proves, in the order in which it does. */
export const hostileFaults: readonly HostileFault[] = []
