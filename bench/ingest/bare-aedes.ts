import { type AddressInfo, createServer } from 'node:net'
import { Aedes } from 'aedes'
import { answer } from './target.ts'

// Aedes as it comes: it acknowledges, and does nothing with what it acknowledged.
const aedes = await Aedes.createBroker()
const server = createServer({ noDelay: true }, aedes.handle)
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
answer({ port: (server.address() as AddressInfo).port }, async () => process.exit())
