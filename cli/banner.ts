import pc from 'picocolors'

export interface BannerFacts {
  readonly version: string
  readonly mqtt: { readonly host: string; readonly port: number }
  readonly nats: string
  readonly stream: string
  /** Of the anomalies, as a NATS wildcard. */
  readonly subjects: string
  readonly natsIsConnected: boolean
  /** This process runs the NATS server, and keeps its store in the data folder. */
  readonly natsIsManaged: boolean
  /** Absolute path. */
  readonly data: string
  /** Sensors of the built-in plant; 0 without one. */
  readonly simulatedSensors: number
  /** How the command is called here: `tidemark`, or through npm. */
  readonly command: string
  /** What to add to other commands for them to find the data folder, or nothing. */
  readonly dataOption: string
}

/** Everything a newcomer has to know, in words. */
export const banner = (facts: BannerFacts): string => {
  const { version, mqtt, nats, stream, subjects, natsIsConnected, natsIsManaged, data, simulatedSensors } =
    facts
  const { command, dataOption } = facts
  const port = mqtt.port === 1883 ? '' : ` -p ${mqtt.port}`
  const sections: readonly (readonly [title: string, ...lines: string[]])[] = [
    [
      'Devices',
      `publish over MQTT to mqtt://${mqtt.host}:${mqtt.port}. Only programs on this machine can reach it;`,
      'they need no password. An acknowledged publish (QoS 1) is on the disk:',
      pc.cyan(`mosquitto_pub${port} -q 1 -t v1/press-7/temperature -m 71.4`),
    ],
    [
      'Anomalies',
      ...(natsIsConnected
        ? [`are published to NATS at ${nats}, JetStream stream "${stream}".`]
        : [
            `wait on the disk: there is no connection to NATS at ${nats} yet.`,
            `Once there is, they are published to its JetStream stream "${stream}".`,
          ]),
      natsIsManaged
        ? 'Programs on this machine can subscribe without a password, and only tidemark can publish:'
        : 'Whoever that server lets in can subscribe:',
      pc.cyan(`nats sub '${subjects}' -s ${nats}`),
      ...(natsIsManaged ? [`A JetStream consumer needs the user in ${data}/nats/url`] : []),
    ],
    [
      'Data',
      `is kept in ${data}`,
      natsIsManaged
        ? 'and survives a restart: baselines, clocks and anomalies.'
        : 'and survives a restart: baselines, clocks, and anomalies until that server has them.',
    ],
    simulatedSensors > 0
      ? [
          'Simulator',
          `a plant of ${simulatedSensors} sensors publishes beside your devices, faults included.`,
          '--no-simulate leaves it out.',
        ]
      : ['Simulator', `none is running. In another terminal: ${pc.cyan(`${command} simulate${dataOption}`)}`],
    ['Look', pc.cyan(`${command} devices${dataOption}`), pc.cyan(`${command} tail${dataOption}`)],
    ['Stop', 'with Ctrl-C: what was taken is finished first. A second Ctrl-C does not wait for that.'],
  ]
  const body = sections.map(([title, first, ...more]) =>
    [`  ${pc.bold(title.padEnd(11))}${first}`, ...more.map((line) => `${' '.repeat(13)}${line}`)].join('\n'),
  )
  return `\n${pc.bold(`tidemark ${version}`)} is running.\n\n${body.join('\n')}\n`
}
