import { keyHash } from './key-hash.ts'

/** Groups that the keys of a stage fall into. A range of groups is what one machine may own. */
export const keyGroups = 1_024

/**
 * The group of an actor's key: its FNV-1a hash modulo the number of groups, which for keys of ASCII is what
 * NATS computes for `partition(1024, …)`. Frozen, because it is part of every key on the disk.
 */
export const keyGroup = (key: string): number => groupOfHash(keyHash(key))

/** The group of a key whose `keyHash` is known. */
export const groupOfHash = (hash: number): number => hash % keyGroups
