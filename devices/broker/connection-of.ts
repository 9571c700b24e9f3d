import type { Client } from 'aedes'
import type { Connection } from './connection.ts'

/** The connection a client of Aedes came by: every stream we hand to it is one. */
export const connectionOf = (client: Client): Connection => client.conn as unknown as Connection
