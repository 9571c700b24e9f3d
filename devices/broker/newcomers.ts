import type { Connection } from './connection.ts'

/**
 * Connections without an accepted CONNECT, by the address they come from. When there are too many, the
 * address that has most of them loses its oldest one: an address full of idle connections then crowds out
 * itself, and nobody else.
 */
export class Newcomers {
  size = 0
  private readonly limit: number
  /** Those of each address, the oldest first. */
  private readonly byAddress = new Map<string, Set<Connection>>()

  constructor(limit: number) {
    this.limit = limit
  }

  /** Adds `connection`, and returns the one that has to go for it, if any. */
  add(connection: Connection): Connection | undefined {
    const { remote } = connection
    const neighbors = this.byAddress.get(remote) ?? new Set()
    this.byAddress.set(remote, neighbors.add(connection))
    this.size++
    return this.size > this.limit ? this.oldestOfMost() : undefined
  }

  delete(connection: Connection): void {
    const neighbors = this.byAddress.get(connection.remote)
    if (!neighbors?.delete(connection)) return
    this.size--
    if (neighbors.size === 0) this.byAddress.delete(connection.remote)
  }

  *[Symbol.iterator](): Iterator<Connection> {
    for (const neighbors of this.byAddress.values()) yield* neighbors
  }

  private oldestOfMost(): Connection | undefined {
    let most: ReadonlySet<Connection> = new Set()
    for (const neighbors of this.byAddress.values()) if (neighbors.size > most.size) most = neighbors
    return most.values().next().value
  }
}
