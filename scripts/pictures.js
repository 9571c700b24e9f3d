// npm run pictures: draws docs/pictures/*.svg from their descriptions in scripts/pictures.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { episode } from './pictures/episode.js'
import { flow } from './pictures/flow.js'
import { watermark } from './pictures/watermark.js'

/** By the name of its file. */
export const pictures = { flow, watermark, episode }

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, draw] of Object.entries(pictures)) {
    writeFileSync(new URL(`../docs/pictures/${name}.svg`, import.meta.url), draw())
  }
}
