#!/usr/bin/env node
import { nodeProblem } from './node-version.js'

const problem = nodeProblem(process.versions.node)
if (problem) {
  process.stderr.write(`${problem}\n`)
  process.exitCode = 2
} else {
  // Only now: an older Node cannot even load these files.
  const { main } = await import('../src/main.ts')
  process.exitCode = await main(process.argv.slice(2))
}
