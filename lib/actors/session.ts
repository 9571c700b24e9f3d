import type { Subscriber } from 'rxjs'
import { JournalTail } from '../state/journal-tail.ts'
import type { Store } from '../state/store.ts'
import type { WallClock } from '../time/wall-clock.ts'
import { Checkpoints } from './commit/checkpoints.ts'
import { GroupCommit } from './commit/group-commit.ts'
import { defaultPace, type Pace } from './commit/pace.ts'
import { Replay, type ReplayedStage } from './commit/replay.ts'
import { Redeliveries } from './redeliveries/redeliveries.ts'

/** One process's use of one store, shared by all stages that keep their state in it. */
export class Session {
  readonly store: Store
  readonly clock: WallClock
  readonly pace: Pace
  readonly tail: JournalTail
  readonly checkpoints: Checkpoints
  readonly commit: GroupCommit
  readonly redeliveries: Redeliveries
  private readonly stages = new Map<string, ReplayedStage>()
  /** Stages that have left before all of their state was saved. */
  private readonly unsaved = new Set<string>()
  readonly replay: Replay
  private readonly settingUp = new Set<ReplayedStage>()
  private wasJoined = false

  constructor(store: Store, clock: WallClock, pace: Pace) {
    this.store = store
    this.clock = clock
    this.pace = pace
    this.tail = new JournalTail(store)
    this.checkpoints = new Checkpoints(clock, pace.journalEntriesPerActor)
    this.redeliveries = new Redeliveries(store, this.tail, this.checkpoints)
    this.commit = new GroupCommit(store, this.tail, this.checkpoints, clock, pace)
    this.replay = new Replay(this.tail, this.checkpoints, clock, this.stages)
    this.commit.onBroken = (reason) => {
      for (const stage of this.stages.values()) stage.fail(reason)
    }
  }

  /** Whether all stages that used it have left: the next ones begin a session of their own. */
  get isLeft(): boolean {
    return this.wasJoined && this.stages.size === 0
  }

  get isReplaying(): boolean {
    return this.replay.isRunning
  }

  /** Resolves when every stage has been given its part of the journal. */
  get replayed(): Promise<void> {
    return this.replay.finished
  }

  /**
   * Lets a stage use this session. Its part of the journal is given to it in the background, once every stage
   * that has joined is set up, which the returned function says.
   */
  join(stage: ReplayedStage): () => void {
    if (this.stages.has(stage.name)) {
      throw new Error(
        `Two stages of one store are named "${stage.name}": give each actors() a name of its own`,
      )
    }
    if (this.unsaved.has(stage.name) && !this.isSaved) {
      throw new Error(
        `Stage "${stage.name}" has left its store before everything was saved, and others there go on: ` +
          'subscribe to all of them again, or to this one later',
      )
    }
    this.unsaved.delete(stage.name)
    this.wasJoined = true
    this.stages.set(stage.name, stage)
    this.settingUp.add(stage)
    return () => this.begin(stage)
  }

  leave(stage: ReplayedStage): void {
    this.stages.delete(stage.name)
    if (!this.isSaved) this.unsaved.add(stage.name)
    this.begin(stage)
  }

  /** Resolves when everything is flushed, every state is saved and the journal is empty. */
  async settle(): Promise<void> {
    await this.replay.finished
    await this.commit.settle()
  }

  private get isSaved(): boolean {
    return this.checkpoints.isEmpty && this.commit.isIdle && !this.isReplaying
  }

  private begin(stage: ReplayedStage): void {
    this.settingUp.delete(stage)
    if (this.settingUp.size === 0 && this.stages.size > 0) this.replay.start()
  }
}

const sessions = new WeakMap<Store, Session>()

/** The session of `store`, begun by whoever asks first, with that one's clock and pace. */
export function sessionOf(store: Store, clock: WallClock, pace: Partial<Pace> = {}): Session {
  const session = sessions.get(store) ?? new Session(store, clock, { ...defaultPace, ...pace })
  sessions.set(store, session)
  return session
}

/**
 * Calls `begin` when nothing of a session that was left is on its way to the disk, which is mostly at once.
 * What it has not saved is in the journal, and replayed as after a restart.
 */
export function whenLeft(store: Store, subscriber: Subscriber<unknown>, begin: () => void): void {
  const session = sessions.get(store)
  if (session?.isLeft) {
    const { commit } = session
    if (!commit.isIdle) {
      const again = (): void => (subscriber.closed ? undefined : whenLeft(store, subscriber, begin))
      commit
        .flushed()
        .then(again)
        .catch((reason) => subscriber.error(reason))
      return
    }
    commit.giveUp(new Error('All stages have left this session of their store'))
    sessions.delete(store)
  }
  begin()
}
