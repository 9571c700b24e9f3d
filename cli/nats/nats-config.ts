/** The configuration of a NATS server for one data folder: loopback only, JetStream, bounded. */
export const natsConfig = ({ name, port, folder, diskBytes }: NatsConfigOptions): string => `\
server_name: ${JSON.stringify(name)}
host: "127.0.0.1"
port: ${port}
pid_file: ${JSON.stringify(`${folder}/nats.pid`)}
log_file: ${JSON.stringify(`${folder}/nats.log`)}
logfile_size_limit: 10MB
max_connections: 1000
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
}
