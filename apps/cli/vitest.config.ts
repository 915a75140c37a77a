import { defineConfig } from 'vitest/config'
import { testsWithDatabase } from '../../vitest.shared.js'

// These tests wait for servers more than they compute.
export default defineConfig({ test: { ...testsWithDatabase, maxWorkers: 2 } })
