import { defineConfig } from 'vitest/config'
import { testsWithDatabase } from '../../vitest.shared.js'

/** Failures on the real thing, one after the other: `.ci/drills`. */
export default defineConfig({
  test: {
    ...testsWithDatabase,
    globalSetup: ['@mediakeep/testing/global-setup', 'src/sample-origin.fixture.ts'],
    include: ['src/drills/*.drill.ts'],
    fileParallelism: false,
    expect: { poll: { timeout: 20_000, interval: 250 } },
    testTimeout: 400_000,
  },
})
