import type { FanOut } from './fan-out.ts'
import type { Gate } from './gate.ts'
import type { BrokerLimits } from './limits.ts'
import type { MemoryBudget } from './memory-budget.ts'
import type { Pace } from './pace.ts'
import type { Publish } from './publish.ts'
import type { Refusals } from './refusals.ts'
import type { Sender } from './sender.ts'
import type { TopicBook } from './topic-book.ts'
import type { TurnTaking } from './turn-taking.ts'

/** What a connection needs of the broker around it. */
export interface ConnectionContext {
  readonly gate: Gate
  readonly limits: BrokerLimits
  readonly topics: TopicBook
  /** Takes a publish, and settles it with its sender later. */
  readonly take: (sender: Sender, publish: Publish) => void
  readonly fanOut: FanOut
  readonly turns: TurnTaking
  readonly refusals: Refusals
  readonly memory: MemoryBudget
  /** Milliseconds of the monotonic clock. */
  readonly now: () => number
  /** Undefined when a client may publish as fast as it can. */
  readonly newPace: (() => Pace) | undefined
}
