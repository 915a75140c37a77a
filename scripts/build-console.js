// Builds the console (apps/web) unless the last build was made from the same sources. `scripts/setup.js` and the target
// `build` both call it, so that neither repeats the work of the other.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const web = join(root, 'apps', 'web')
/** Holds the hash of the sources. It is inside the build, so it disappears when anything else replaces the build. */
const stamp = join(web, 'dist', '.made-of')

const sources = hashSources()
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== sources) {
  console.error('Building the console …')
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const args = [vite, 'build', '--logLevel', 'warn', web]
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] })
  if (error) throw error
  if (status !== 0) process.exit(1)
  writeFileSync(stamp, sources)
}

/** Hashes everything the build reads: the sources, the configuration and the versions of the dependencies. */
function hashSources() {
  const hash = createHash('sha256')
  for (const file of [join(root, 'package-lock.json'), join(web, 'index.html'), join(web, 'vite.config.ts')])
    hash.update(readFileSync(file))
  for (const folder of [join(web, 'src'), join(web, 'public'), join(root, 'libs', 'client', 'src')])
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).sort(byPath))
      if (entry.isFile()) hash.update(entry.name).update(readFileSync(join(entry.parentPath, entry.name)))
  return hash.digest('hex')
}

function byPath(a, b) {
  return join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1
}
