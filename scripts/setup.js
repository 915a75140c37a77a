// Makes a fresh clone ready: Node version, dependencies, generated code, the built console. Runs before every npm script, on
// whatever Node the machine has and with nothing installed yet; when all is in place it only compares hashes.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installDependencies } from './install-dependencies.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(root, 'node_modules', '.mediakeep-setup')
const bin = join(root, 'node_modules', '.bin')
const oldestNode = [22, 18]

const lockfile = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')
const installed = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''

if (installed !== lockfile) {
  const failure = await installDependencies(root)
  if (failure !== undefined) fail(`${failure} The lines above say why; run it again to go on.`)
}
// The dependencies bring a Node of their own where npm has one for this platform.
const node = existsSync(join(bin, 'node')) ? join(bin, 'node') : process.execPath
const [major, minor] = version(node)
if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
  fail(
    `Node ${oldestNode.join('.')} or newer is needed; npm brings none for this platform and yours is ${major}.${minor}.`,
  )
}
run(node, [join(root, 'libs', 'db', 'scripts', 'generate.js')])
if (installed !== lockfile) writeFileSync(stamp, lockfile)
run(node, [join(root, 'scripts', 'build-console.js')])

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (error) fail(`${command}: ${error.message}`)
  if (status !== 0) fail(`"${[command, ...args].join(' ')}" failed; the lines above say why.`)
}

function version(command) {
  const { stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' })
  return stdout.slice(1).split('.').map(Number)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
