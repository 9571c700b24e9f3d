import { jetstream } from '@nats-io/jetstream'
import { connect } from 'nats'

/** The numbers in the messages of a stream, in order, read as any client would. */
export const numbersInStream = async (address: string, stream: string): Promise<number[]> => {
  const connection = await connect({ servers: address, maxReconnectAttempts: -1 })
  try {
    const consumer = await jetstream(connection).consumers.get(stream)
    let pending = (await consumer.info(true)).num_pending
    const numbers: number[] = []
    if (pending === 0) return numbers
    for await (const message of await consumer.consume({ max_messages: 5_000 })) {
      numbers.push(message.json<{ data: { number: number } }>().data.number)
      pending--
      if (pending === 0) break
    }
    return numbers
  } finally {
    await connection.close()
  }
}

/** How many of `from` to `to` are missing, and how many messages are there a second time. */
export const compareNumbers = (found: readonly number[], from: number, to: number) => {
  const unique = new Set(found)
  let lost = 0
  for (let number = from; number <= to; number++) if (!unique.has(number)) lost++
  return { lost, duplicates: found.length - unique.size }
}
