import { InvalidArgumentError, Option } from 'commander'
import { defaultStream } from '../../lib/nats/sink-streams.ts'
import { readRunning } from '../running-file.ts'

export const brokerOption = (): Option =>
  new Option('--broker <url>', `MQTT broker; that of the running tidemark, or ${usualBroker}`).argParser(
    parseBrokerUrl,
  )

const schemes = ['mqtt:', 'mqtts:', 'tcp:', 'tls:', 'ssl:', 'ws:', 'wss:']

const parseBrokerUrl = (text: string): string => {
  if (URL.canParse(text) && schemes.includes(new URL(text).protocol)) return text
  throw new InvalidArgumentError('Give an address like mqtt://127.0.0.1:1883.')
}

const usualBroker = 'mqtt://127.0.0.1:1883'

export interface Addresses {
  readonly mqtt: string
  /** Undefined when it is not known. */
  readonly nats: string | undefined
  readonly stream: string
}

/** The broker that is meant, and the NATS server and the stream where its anomalies are. */
export const addressesFor = ({
  data,
  broker,
  nats,
  stream,
}: {
  readonly data: string
  readonly broker?: string
  readonly nats?: string
  readonly stream?: string
}): Addresses => {
  const running = broker !== undefined && nats !== undefined ? undefined : readRunning(data)
  const mqtt = broker ?? running?.mqtt ?? usualBroker
  const own = mqtt === running?.mqtt ? running : undefined
  return { mqtt, nats: nats ?? own?.nats, stream: stream ?? own?.stream ?? defaultStream }
}
