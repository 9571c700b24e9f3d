import { jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from 'nats'
import { isMissing } from './jetstream-errors.ts'
import { newestRow } from './newest-row.ts'

/** The store that wrote to a stream last. */
export interface StreamWriter {
  readonly stream: string
  readonly epoch: string
  /** Messages that the stream holds. */
  readonly messages: number
  /** When its newest message was stored, epoch milliseconds by the server's clock. */
  readonly time: number
}

/**
 * The store that wrote the newest row of a stream: `takeOver` of `toJetStream` names its epoch. Undefined
 * when there is no such stream, or no row in it.
 */
export const streamWriter = async (
  connection: NatsConnection,
  stream: string,
): Promise<StreamWriter | undefined> => {
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const info = await manager.streams.info(stream).catch((error: unknown) => {
    if (!isMissing(error)) throw error
    return undefined
  })
  const { last } = info ? await newestRow(manager, info, 0) : {}
  if (!info || !last) return undefined
  const time = Date.parse(info.state.last_ts)
  return { stream, epoch: last.id.epoch, messages: info.state.messages, time }
}
