import { defineConfig } from 'vitest/config'
import { oneGraphql, testsWithDatabase } from '../../vitest.shared.js'

export default defineConfig({ resolve: oneGraphql, test: testsWithDatabase })
