// Makes a fresh clone ready: Node version, dependencies, generated code, the built console. Runs before every npm script, on
// whatever Node the machine has and with nothing installed yet; when all is in place it only compares hashes.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
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
buildConsole()

/** Builds the console when its sources have changed since the last build. */
function buildConsole() {
  const web = join(root, 'apps', 'web')
  const built = join(web, 'dist', '.made-of')
  const hash = createHash('sha256').update(lockfile)
  for (const folder of [join(web, 'src'), join(web, 'public'), join(root, 'libs', 'client', 'src')])
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).sort(byPath))
      if (entry.isFile()) hash.update(entry.name).update(readFileSync(join(entry.parentPath, entry.name)))
  for (const file of ['index.html', 'vite.config.ts']) hash.update(readFileSync(join(web, file)))
  const madeOf = hash.digest('hex')
  if (existsSync(built) && readFileSync(built, 'utf8') === madeOf) return
  console.error('Building the console …')
  run(node, [join(root, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--logLevel', 'warn', web])
  writeFileSync(built, madeOf)
}

function byPath(a, b) {
  return join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1
}

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
