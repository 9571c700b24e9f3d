import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{lib,devices,simulators,dashboards,cli,examples,pictures,test}/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
