// npm run pictures: draws docs/pictures/*.svg anew.
import { writeFileSync } from 'node:fs'
import { pictures } from './pictures.ts'

for (const [name, svg] of Object.entries(pictures)) writeFileSync(`docs/pictures/${name}.svg`, svg)
