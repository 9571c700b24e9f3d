import { connect } from 'node:net'

/** What a NATS server says of itself to everyone who connects. */
export interface NatsInfo {
  readonly serverName: string
  readonly version: string
  readonly jetstream: boolean
}

/** Asks the server at a loopback port who it is. Rejects when none answers within `timeoutMs`. */
export const readNatsInfo = (port: number, timeoutMs = 2_000): Promise<NatsInfo> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' })
    let heard = ''
    const fail = (reason: string): void => {
      socket.destroy()
      reject(new Error(`no NATS server at 127.0.0.1:${port}: ${reason}`))
    }
    socket.setTimeout(timeoutMs, () => fail(`silent for ${timeoutMs} ms`))
    socket.on('error', (error) => fail(error.message))
    socket.on('close', () => fail('closed'))
    socket.on('data', (chunk) => {
      heard += chunk.toString('utf8')
      const end = heard.indexOf('\r\n')
      if (end < 0 && heard.length < 65_536) return
      const info = parseInfo(heard.slice(0, end))
      if (info) resolve(info)
      else fail(`it said ${JSON.stringify(heard.slice(0, 40))}`)
      socket.destroy()
    })
  })

const parseInfo = (line: string): NatsInfo | undefined => {
  if (!line.startsWith('INFO {')) return undefined
  try {
    const said = JSON.parse(line.slice(5)) as Record<string, unknown>
    return {
      serverName: String(said['server_name']),
      version: String(said['version']),
      jetstream: said['jetstream'] === true,
    }
  } catch {
    return undefined
  }
}
