/** JetStream's code for a stream that does not exist. */
export const isMissing = (error: unknown): boolean => codeOf(error) === 10059

/** JetStream's code for subjects that another stream takes already. */
export const isOverlap = (error: unknown): boolean => codeOf(error) === 10065

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined
