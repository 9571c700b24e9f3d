import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{lib,devices,simulators,dashboards,cli,examples,pictures,test}/**/*.test.ts'],
    // One process less, unless given: on two cores that would be one test file at a time.
    maxWorkers: availableParallelism(),
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
