import { LineOutput } from './line-output.ts'

/** What a command prints for its reader. */
export const standardOutput = new LineOutput(process.stdout)

/** Where notices, progress and failures go. A command does its work whether or not somebody reads them. */
const standardError = new LineOutput(process.stderr)

/**
 * Ends the process once all that it has printed has reached its readers, however slow they are. Output that
 * was lost makes a success a failure.
 */
export const endProcess = async (exitCode: number): Promise<never> => {
  const lost = await standardOutput.flush().then(
    () => undefined,
    (error: Error) => error,
  )
  if (lost && exitCode === 0) console.error(`tidemark: ${lost.message}`)
  await standardError.flush().catch(() => {})
  process.exit(lost ? exitCode || 1 : exitCode)
}
