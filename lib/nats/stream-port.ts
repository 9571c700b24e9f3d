import { type JetStreamManager, jetstreamManager, type StreamInfo } from '@nats-io/jetstream'
import { createInbox, headers, type Msg, type NatsConnection } from 'nats'
import type { OutboxMessage } from './outbox-message.ts'
import type { Refusal } from './refusal.ts'
import { parseRowId } from './row-id.ts'
import { type StreamOptions, streamConfig } from './stream-options.ts'
import type { Confirmed, StreamState } from './stream-place.ts'

/** What a look at the stream shows, and what had to be done for it. */
export interface StreamLook extends StreamState {
  /** The stream did not exist and was made. */
  readonly made: boolean
  /** Newest messages that no store wrote, passed over to find the last row. */
  readonly strays: number
  /** Largest message the server takes, headers included, in bytes. */
  readonly maxMessageBytes: number
}

/** What the stream must hold last for a message to be taken. */
export type Expected = { readonly sequence: number } | { readonly id: string }

export type Answer =
  | { readonly taken: true; readonly sequence: number; readonly duplicate: boolean }
  | { readonly taken: false; readonly refusal: Refusal }

/** A way to publish whose answers come back by number. */
export interface Line {
  publish(number: number, id: string, message: OutboxMessage, expected: Expected): void
  close(): void
}

/** One stream as its only writer needs it. */
export interface StreamPort {
  readonly stream: string
  /** Makes the stream when it is missing. Rejects when the server does not answer or has no JetStream. */
  look(confirmed: Confirmed | undefined): Promise<StreamLook>
  open(answered: (number: number, answer: Answer) => void): Promise<Line>
}

/** Messages without a row's id that are passed over at the end of a stream. */
const strayLimit = 1_000

export const streamPort = (connection: Promise<NatsConnection>, options: StreamOptions): StreamPort => {
  const config = streamConfig(options)
  const { name } = config
  return {
    stream: name,
    async look(confirmed) {
      const nats = await connection
      const manager = await jetstreamManager(nats, { checkAPI: false })
      let made = false
      const info = await manager.streams.info(name).catch((error: unknown) => {
        if (!isMissing(error)) throw error
        made = true
        return manager.streams.add(config)
      })
      const same = confirmed?.created === info.created && confirmed.sequence <= info.state.last_seq
      const floor = same ? confirmed.sequence : 0
      const { last, strays } = await newestRow(manager, info, floor)
      const maxMessageBytes = nats.info?.max_payload ?? 2 ** 20
      return { created: info.created, lastSequence: info.state.last_seq, last, strays, made, maxMessageBytes }
    },
    async open(answered) {
      return openLine(await connection, name, answered)
    },
  }
}

/** JetStream's code for a stream that is not there. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 10059

type NewestRow = Pick<StreamLook, 'last' | 'strays'>

async function newestRow(
  manager: JetStreamManager,
  { config, state }: StreamInfo,
  floor: number,
): Promise<NewestRow> {
  if (state.messages === 0) return { last: undefined, strays: 0 }
  const lowest = Math.max(floor, state.first_seq, state.last_seq - strayLimit)
  let strays = 0
  const newest = await manager.streams.getMessage(config.name, { last_by_subj: '>' })
  for (let sequence = newest?.seq ?? 0; sequence >= lowest; sequence--) {
    const message =
      sequence === newest?.seq ? newest : await manager.streams.getMessage(config.name, { seq: sequence })
    const id = message && parseRowId(message.header?.get('Nats-Msg-Id') ?? '')
    if (id) return { last: { id, sequence }, strays }
    if (message) strays++
  }
  return { last: undefined, strays }
}

/**
 * Publishes without a promise and a timer for each message, which is most of what the client's own
 * `publish` costs. The stream's name goes along, so that no other stream can take the message.
 */
function openLine(
  nats: NatsConnection,
  stream: string,
  answered: (number: number, answer: Answer) => void,
): Line {
  const inbox = createInbox()
  const subscription = nats.subscribe(`${inbox}.*`, {
    callback: (error, message) => {
      if (!error) answered(Number(message.subject.slice(inbox.length + 1)), readAnswer(message))
    },
  })
  return {
    publish(number, id, { subject, payload }, expected) {
      const fields = headers()
      fields.set('Nats-Msg-Id', id)
      fields.set('Nats-Expected-Stream', stream)
      if ('id' in expected) fields.set('Nats-Expected-Last-Msg-Id', expected.id)
      else fields.set('Nats-Expected-Last-Sequence', `${expected.sequence}`)
      fields.set('Content-Type', contentType)
      nats.publish(subject, payload, { headers: fields, reply: `${inbox}.${number}` })
    },
    close() {
      if (!nats.isClosed()) subscription.unsubscribe()
    },
  }
}

const contentType = 'application/cloudevents+json'

/** No headers the relay sets take more bytes than this, the ids excepted. */
export const headerBytes = 200

interface PubAck {
  readonly seq?: number
  readonly duplicate?: boolean
  readonly error?: { readonly err_code?: number; readonly code: number; readonly description?: string }
}

function readAnswer(message: Msg): Answer {
  if (message.headers?.code) {
    return {
      taken: false,
      refusal: { code: message.headers.code, description: 'no stream takes this subject' },
    }
  }
  const { seq, duplicate = false, error } = message.json<PubAck>()
  if (seq !== undefined && seq > 0 && !error) return { taken: true, sequence: seq, duplicate }
  const { err_code, code = 500, description = 'an answer without a sequence' } = error ?? {}
  return { taken: false, refusal: { code: err_code ?? code, description } }
}
