/** Why a server took nothing, for an operator: which stream, what happens meanwhile, what to do. */
export const noAnswer = (stream: string, error: unknown): string => {
  const said = error instanceof Error ? error.message : String(error)
  const remedy = remedies.find(([sign]) => sign.test(said))?.[1]
  const what = `stream "${stream}": ${said}. What is to be published waits on the disk`
  return remedy ? `${what}; ${remedy}` : what
}

const remedies: readonly (readonly [sign: RegExp, remedy: string])[] = [
  [/jetstream.*not enabled/i, 'start the server with JetStream (nats-server -js), or name another'],
  [/insufficient (storage|memory)/i, 'give JetStream on the server more room, or the stream a smaller limit'],
  [/timeout/i, 'the server was connected to and did not answer in time'],
  [/permissions violation/i, 'allow this user to publish and to manage the stream'],
]
