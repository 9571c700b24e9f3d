import { createInbox, headers, type Msg, type NatsConnection } from 'nats'
import type { OutboxMessage } from './outbox-message.ts'
import type { Refusal } from './refusal.ts'

/** What the stream must hold last for a message to be taken. */
export type Expected = { readonly sequence: number } | { readonly id: string }

export type Answer =
  | { readonly taken: true; readonly sequence: number; readonly duplicate: boolean }
  | { readonly taken: false; readonly refusal: Refusal }

export interface LineMessage extends Pick<OutboxMessage, 'subject' | 'payload'> {
  /** It is the dead letter of the row whose id it carries. */
  readonly replaced?: boolean
}

/** A way to publish whose answers come back by number. */
export interface Line {
  publish(number: number, id: string, message: LineMessage, expected: Expected): void
  close(): void
}

/**
 * Publishes without a promise and a timer for each message, which is most of what the client's own
 * `publish` costs. The stream's name goes along, so that no other stream can take the message.
 */
export function openLine(
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
    publish(number, id, { subject, payload, replaced }, expected) {
      const fields = headers()
      fields.set('Nats-Msg-Id', id)
      fields.set('Nats-Expected-Stream', stream)
      if ('id' in expected) fields.set('Nats-Expected-Last-Msg-Id', expected.id)
      else fields.set('Nats-Expected-Last-Sequence', `${expected.sequence}`)
      fields.set('Content-Type', contentType)
      if (replaced) fields.set(replacementHeader, 'true')
      nats.publish(subject, payload, { headers: fields, reply: `${inbox}.${number}` })
    },
    close() {
      if (!nats.isClosed()) subscription.unsubscribe()
    },
  }
}

/** On a dead letter that takes the place of a row which the stream refused. */
export const replacementHeader = 'Tidemark-Replacement'

const contentType = 'application/cloudevents+json'

/** What a message with this id has beside its payload, at the most: the headers that a line sets. */
export const bytesBesidePayload = (id: string): number => 200 + 2 * id.length

interface PubAck {
  readonly seq?: number
  readonly duplicate?: boolean
  readonly error?: { readonly err_code?: number; readonly code: number; readonly description?: string }
}

/** What a server answers is trusted; what is no answer of a server, anybody may have sent. */
export function readAnswer(message: Pick<Msg, 'headers' | 'data'>): Answer {
  if (message.headers?.code) {
    return {
      taken: false,
      refusal: { code: message.headers.code, description: 'no stream takes this subject' },
    }
  }
  const { seq, duplicate = false, error } = pubAckIn(message.data)
  if (seq !== undefined && seq > 0 && !error) return { taken: true, sequence: seq, duplicate }
  const { err_code, code = 500, description = 'an answer without a sequence' } = error ?? {}
  return { taken: false, refusal: { code: err_code ?? code, description } }
}

const pubAckIn = (data: Uint8Array): PubAck => {
  try {
    return (JSON.parse(Buffer.from(data).toString()) as PubAck | null) ?? {}
  } catch {
    return {}
  }
}
