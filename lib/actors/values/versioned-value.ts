/** A value that all actors of a stage read and that changes now and then: rules, thresholds, a model. */
export interface VersionedValue<Value> {
  /**
   * The version in force at the turn at hand, also when that is a replay of long ago. Shared by all actors,
   * so not to be changed. Throws outside of a turn, where no version is in force.
   */
  readonly current: Value
}

/** Where an actor reads values. */
export interface ValueReader {
  /** Throws unless there is a value of this name. */
  check(name: string): void
  /** The version in force at the turn at hand. */
  read(name: string): unknown
}
