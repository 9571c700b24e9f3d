import { decode, encode } from './codec.ts'

/** How far an actor has come with all of its states. */
export interface ActorProgress {
  /** Position of the last turn that its saved states include. */
  readonly position: number
  /** Its watermark after that turn. */
  readonly watermark: number
  /** Wall time of its last event by then, 0 in a row that was written before there were due rows. */
  readonly lastEvent: number
  /** Ticks that it had had by then since that event. */
  readonly silence: Silence
}

/** The ticks a silence has had: none, the one for provisional results, or the one that closes. */
export type Silence = 'none' | 'idle' | 'closed'

const silences: readonly Silence[] = ['none', 'idle', 'closed']

/** Later versions may append columns: what follows these is ignored. */
type Columns = readonly [position: number, watermark: number, lastEvent: number, silence: number]

export const encodeActorRow = ({ position, watermark, lastEvent, silence }: ActorProgress): Uint8Array =>
  encode([position, watermark, lastEvent, silences.indexOf(silence)] satisfies Columns)

export const decodeActorRow = (bytes: Uint8Array): ActorProgress => {
  const [position, watermark, lastEvent, silence] = decode<Columns>(bytes)
  return { position, watermark, lastEvent, silence: silences[silence] ?? 'none' }
}

/** That of an actor of which nothing is saved. */
export const noProgress: ActorProgress = {
  position: 0,
  watermark: Number.NEGATIVE_INFINITY,
  lastEvent: 0,
  silence: 'none',
}
