import { defineConfig } from 'vitest/config'

/** Failures on the real thing, one after the other: `.ci/drills`. */
export default defineConfig({
  test: {
    include: ['src/drills/*.drill.ts'],
    watch: false,
    fileParallelism: false,
    expect: { poll: { timeout: 10_000, interval: 250 } },
    globalSetup: '@mediakeep/testing/global-setup',
    testTimeout: 400_000,
    hookTimeout: 60_000,
  },
})
