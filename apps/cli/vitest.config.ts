import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    watch: false,
    expect: { poll: { timeout: 10_000 } },
    globalSetup: '@mediakeep/testing/global-setup',
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
