/** Why the server did not take a message. `code` is JetStream's error code, 503 when nobody answered. */
export interface Refusal {
  readonly code: number
  readonly description: string
}

/**
 * What a refusal means for the relay.
 * - `chain`: the stream's newest message is not the row before. Look at the stream again.
 * - `size`: asking again cannot help.
 * - `row`: this row, as far as can be told. Ask again a number of times.
 * - `stream`: any row would be refused now. Wait, however long it takes.
 */
export type RefusalMeaning = 'chain' | 'size' | 'row' | 'stream'

export const meaningOf = ({ code, description }: Refusal): RefusalMeaning => {
  if (code === codes.storeFailed) return /per subject/.test(description) ? 'row' : 'stream'
  if (chain.has(code)) return 'chain'
  if (size.has(code)) return 'size'
  return stream.has(code) ? 'stream' : 'row'
}

/** JetStream's error codes, as far as they are told apart. */
const codes = {
  notPermitted: 403,
  clusterNotAvailable: 10008,
  clusterNotLeader: 10009,
  insufficientResources: 10023,
  memoryExceeded: 10028,
  notEnabledForAccount: 10039,
  storageExceeded: 10047,
  messageTooLarge: 10054,
  wrongLastMessageId: 10070,
  wrongLastSequence: 10071,
  notEnabled: 10076,
  storeFailed: 10077,
  headerTooLarge: 10097,
  sealed: 10109,
  duplicateInProgress: 10158,
} as const

/** The server does not let this user publish to `subject`. It does not let the rows behind it pass either. */
export const notPermitted = (subject: string): Refusal => ({
  code: codes.notPermitted,
  description: `this user may not publish to "${subject}": give it the permission, or connect as another`,
})

/** The message has more bytes than the server or the stream takes. */
export const tooLarge = (bytes: number, limit: number): Refusal => ({
  code: codes.messageTooLarge,
  description: `message of ${bytes} bytes, and ${limit} are taken`,
})

const chain = new Set<number>([codes.wrongLastMessageId, codes.wrongLastSequence, codes.duplicateInProgress])
const size = new Set<number>([codes.messageTooLarge, codes.headerTooLarge])
const stream = new Set<number>([
  codes.notPermitted,
  codes.clusterNotAvailable,
  codes.clusterNotLeader,
  codes.insufficientResources,
  codes.memoryExceeded,
  codes.notEnabledForAccount,
  codes.storageExceeded,
  codes.notEnabled,
  codes.sealed,
])
