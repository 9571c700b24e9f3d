import { type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect, type NatsConnection } from 'nats'
import type { PlantOutput } from './line-count.ts'
import { plantStages, plantStream } from './plant-process.ts'
import { type SavedStates, savedStates } from './saved-states.ts'

/** What a plant left behind when it had ended. */
export interface Evidence extends SavedStates {
  /** Everything in the streams, that of rejected values last, each in order. */
  readonly messages: readonly StoredMessage[]
}

export interface StoredMessage {
  readonly subject: string
  /** What it says, without its id and wall time: equal contents are duplicates, whatever their ids. */
  readonly content: string
  readonly output: PlantOutput | undefined
}

export const gatherEvidence = async (folder: string, nats: string): Promise<Evidence> => {
  const saved = await savedStates(folder, plantStages)
  return { ...saved, messages: await readStream(nats) }
}

const readStream = async (address: string): Promise<StoredMessage[]> => {
  const nats = await connect({ servers: address })
  try {
    return [...(await messagesIn(nats, plantStream)), ...(await messagesIn(nats, `${plantStream}-rejected`))]
  } finally {
    await nats.close()
  }
}

const messagesIn = async (nats: NatsConnection, stream: string): Promise<StoredMessage[]> => {
  const { state } = await (await jetstreamManager(nats)).streams.info(stream)
  const consumer = await jetstream(nats).consumers.get(stream)
  const messages: StoredMessage[] = []
  while (messages.length < state.messages) {
    const before = messages.length
    const page = await consumer.fetch({
      max_messages: Math.min(5_000, state.messages - before),
      expires: 5_000,
    })
    for await (const message of page) messages.push(storedMessage(message))
    if (messages.length === before) {
      throw new Error(`stream "${stream}" says it holds ${state.messages} messages and gave ${before}`)
    }
  }
  return messages
}

const storedMessage = (message: JsMsg): StoredMessage => {
  const { subject } = message
  const { type, data } = message.json<{ type: string; data: unknown }>()
  const output = type === 'dev.tidemark.output.v1' ? (data as PlantOutput) : undefined
  return { subject, output, content: JSON.stringify([subject, type, data]) }
}
