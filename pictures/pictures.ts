import { episode } from './episode.ts'
import { flow } from './flow.ts'
import { watermark } from './watermark.ts'

/** Every picture of the documents, by its name in docs/pictures. */
export const pictures: Readonly<Record<string, string>> = {
  flow: flow(),
  watermark: watermark(),
  episode: episode(),
}
