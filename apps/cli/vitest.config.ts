import { defineConfig } from 'vitest/config'
import { testsWithDatabase } from '../../vitest.shared.js'

export default defineConfig({ test: testsWithDatabase })
