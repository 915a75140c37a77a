#!/usr/bin/env node
// Plain JavaScript, so that an old Node gets a sentence and not a syntax error.
import module from 'node:module'
import v8 from 'node:v8'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `mediakeep needs Node 22.18 or newer; this is ${process.versions.node}. Run it with npx from the repository.`,
  )
  process.exit(2)
}
// The young generation would grow to 100 MB and more under a stream of posts; it need not.
v8.setFlagsFromString('--semi-space-growth-factor=1')
// Downloads wait for the disk in libuv's threads: with the usual four, each file waits for those before it.
process.env.UV_THREADPOOL_SIZE ??= '16'
// Halves the time to start: the sources' types are stripped once, not at every start.
module.enableCompileCache()
const { main } = await import('../src/main.ts')
process.exitCode = await main(process.argv.slice(2))
