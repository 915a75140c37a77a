import { defineConfig } from 'vitest/config'

export default defineConfig({
  // As Node resolves it: one copy for our sources and for the packages that come as CommonJS.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['src/**/*.test.ts'],
    watch: false,
    expect: { poll: { timeout: 10_000 } },
    globalSetup: '@mediakeep/testing/global-setup',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
