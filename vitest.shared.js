import { env, stdout } from 'node:process'

const namesRetried = {
  onTestCaseResult(test) {
    if (!test.diagnostic()?.flaky) return
    stdout.write(`passed only when run again: ${test.module.relativeModuleId} > ${test.fullName}\n`)
  },
}

// Settings of every package's tests. The time limits end what hangs; no test measures speed by them, so they are wide
// enough for a busy machine.
export const tests = {
  include: ['src/**/*.test.ts'],
  watch: false,
  reporters: ['default', namesRetried],
  expect: { poll: { timeout: 20_000 } },
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // A shared CI machine may stall for seconds. `.ci/run` lists every test that passed only when it ran again.
  retry: env.CI ? 1 : 0,
}

export const testsWithDatabase = { ...tests, globalSetup: '@mediakeep/testing/global-setup' }

/** Resolves `graphql` as Node does: one copy for our sources and for the packages that come as CommonJS. */
export const oneGraphql = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] }
