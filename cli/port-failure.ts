import { portHolder } from './port-holder.ts'

/** A port that was asked for: by which option, and for whom. */
export interface WantedPort {
  readonly port: number
  /** As on the command line: `--port`. */
  readonly option: string
  /** What connects to it, in the plural: `Devices`. */
  readonly clients: string
}

/** Why a port cannot be listened on, with the remedy; `error` itself when it is about something else. */
export const portFailure = (error: unknown, { port, option, clients }: WantedPort): unknown => {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') {
    return new Error(
      `port ${port} is taken by ${portHolder(port) ?? 'another program'}: stop that, or choose another port with ` +
        `${option}. ${clients} that have this port in their settings reach that program now`,
    )
  }
  if (code === 'EACCES') {
    return new Error(
      `port ${port} needs rights that this user does not have: choose one from 1024 with ${option}`,
    )
  }
  return error
}
