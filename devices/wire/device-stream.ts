import { defaultStream } from '../../lib/nats/sink-streams.ts'
import { namespaceOf, type StreamOptions } from '../../lib/nats/stream-options.ts'

/**
 * The stream of anomalies and absences called `name`. Subjects begin with its name, so that several
 * applications share a server; those of `tidemark`, which an application has that names none, do not.
 */
export const deviceStream = (name: string): StreamOptions => ({ name, namespaced: name !== defaultStream })

/** What goes before the subjects of the stream called `name`, such as `anomaly.press-7.power`. */
export const subjectPrefix = (name: string): string => namespaceOf(deviceStream(name))

/** Why no stream of anomalies can be called `name`, with the remedy; undefined when one can. */
export const streamNameFault = (name: string): string | undefined => {
  const said = `stream name ${JSON.stringify(name.slice(0, 200))}`
  // "-rejected" is added to it, and 100 characters is the most that a name may have.
  if (!/^[A-Za-z0-9_-]{1,90}$/.test(name)) return `${said}: use 1 to 90 letters, digits, "-" and "_"`
  if (subjectKinds.includes(name)) {
    return `${said} begins the subjects of stream "${defaultStream}", ${name}.>: choose another name`
  }
  if (name.endsWith('-rejected')) {
    return `${said} is for the rejected values of another stream: choose a name that does not end in "-rejected"`
  }
  return undefined
}

/** What the subjects of the default stream, and of its rejected values, begin with. */
const subjectKinds: readonly string[] = [
  'anomaly',
  'absence',
  'late',
  'quarantined',
  'dead',
  'side',
  'undelivered',
]
