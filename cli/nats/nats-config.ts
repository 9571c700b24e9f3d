import type { NatsUser } from './nats-user.ts'

/**
 * The configuration of a NATS server for one data folder: loopback only, JetStream, bounded. A client without
 * a user may subscribe and not publish, requests to JetStream included: their answers can go to any subject.
 */
export const natsConfig = ({ name, port, folder, diskBytes, user }: NatsConfigOptions): string => `\
server_name: ${JSON.stringify(name)}
host: "127.0.0.1"
port: ${port}
pid_file: ${JSON.stringify(`${folder}/nats.pid`)}
log_file: ${JSON.stringify(`${folder}/nats.log`)}
logfile_size_limit: 10MB
max_connections: 1000
authorization {
  users: [
    { user: ${JSON.stringify(user.user)}, password: ${JSON.stringify(user.pass)} }
    {
      user: "anonymous", password: "anonymous"
      permissions: { publish: { deny: ">" }, subscribe: { deny: ["_INBOX.>", "$JS.>"] } }
    }
  ]
}
no_auth_user: "anonymous"
jetstream {
  store_dir: ${JSON.stringify(folder)}
  max_memory_store: 64MB
  max_file_store: ${diskBytes}
}
`

export interface NatsConfigOptions {
  readonly name: string
  readonly port: number
  readonly folder: string
  /** What JetStream may keep on the disk. */
  readonly diskBytes: number
  /** The only user that may publish. */
  readonly user: NatsUser
}
