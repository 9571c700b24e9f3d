import type { Connection } from './connection.ts'

/** Connections without an accepted CONNECT, by the address they come from. */
export class Newcomers {
  size = 0
  /** Those of each address, the oldest first. */
  private readonly byAddress = new Map<string, Set<Connection>>()

  add(connection: Connection): void {
    const { remote } = connection
    const neighbors = this.byAddress.get(remote) ?? new Set()
    this.byAddress.set(remote, neighbors.add(connection))
    this.size++
  }

  delete(connection: Connection): void {
    const neighbors = this.byAddress.get(connection.remote)
    if (!neighbors?.delete(connection)) return
    this.size--
    if (neighbors.size === 0) this.byAddress.delete(connection.remote)
  }

  /**
   * The oldest connection of the address that has most of them: the one to close when there are too many. An
   * address full of idle connections then crowds out itself, and no other.
   */
  oldestOfMost(): Connection | undefined {
    let most: ReadonlySet<Connection> = new Set()
    for (const neighbors of this.byAddress.values()) if (neighbors.size > most.size) most = neighbors
    return most.values().next().value
  }

  *[Symbol.iterator](): Iterator<Connection> {
    for (const neighbors of this.byAddress.values()) yield* neighbors
  }
}
