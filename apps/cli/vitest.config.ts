import { defineConfig } from 'vitest/config'
import { testsWithDatabase } from '../../vitest.shared.js'

export default defineConfig({
  test: {
    ...testsWithDatabase,
    globalSetup: ['@mediakeep/testing/global-setup', 'src/sample-origin.fixture.ts'],
  },
})
