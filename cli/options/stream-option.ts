import { InvalidArgumentError, Option } from 'commander'
import { streamNameFault } from '../../devices/wire/device-stream.ts'

/** The JetStream stream that is meant; `otherwise` says which one without the option. */
export const streamOption = (otherwise: string): Option =>
  new Option('--stream <name>', `JetStream stream of the anomalies; ${otherwise}`)
    .argParser(parseStream)
    .env('TIDEMARK_STREAM')

const parseStream = (text: string): string => {
  const fault = streamNameFault(text)
  if (fault) throw new InvalidArgumentError(`${fault}.`)
  return text
}
