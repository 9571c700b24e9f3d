import { type NatsConnection, PermissionViolationError, type Status } from 'nats'
import { filter, from, map, type Observable, share } from 'rxjs'

/** The server does not let this client publish to a subject. It says so beside the answers to publishes. */
export interface PublishViolation {
  readonly subject: string
}

/** What a connection is not allowed to publish, from the first subscriber on. */
export const publishViolations = (connection: NatsConnection): Observable<PublishViolation> =>
  from(connection.status()).pipe(
    map(violationIn),
    filter((violation) => violation !== undefined),
    // The client keeps each of its iterators until the next event: one is enough.
    share({ resetOnRefCountZero: false }),
  )

const violationIn = (status: Status): PublishViolation | undefined => {
  const error = status.type === 'error' ? status.error : undefined
  if (!(error instanceof PermissionViolationError) || error.operation !== 'publish') return undefined
  return { subject: error.subject }
}
