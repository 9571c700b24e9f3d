import { InvalidArgumentError, Option } from 'commander'
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

/** The broker that is meant, and the NATS server where its anomalies are, as far as that is known. */
export const addressesFor = ({
  data,
  broker,
  nats,
}: {
  readonly data: string
  readonly broker?: string
  readonly nats?: string
}): { readonly mqtt: string; readonly nats: string | undefined } => {
  const running = broker !== undefined && nats !== undefined ? undefined : readRunning(data)
  const mqtt = broker ?? running?.mqtt ?? usualBroker
  return { mqtt, nats: nats ?? (mqtt === running?.mqtt ? running.nats : undefined) }
}
