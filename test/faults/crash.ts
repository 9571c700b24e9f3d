import { crashRun } from './crash/crash-run.ts'

console.log(
  JSON.stringify(await crashRun({ seed: 1, randomKills: 3, killsAtEachPoint: 1, say: console.error })),
)
