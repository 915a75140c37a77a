// Generates the Prisma client into src/generated, when the schema or Prisma changed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('..', import.meta.url))
const generated = join(folder, 'src', 'generated')
const stamp = join(generated, '.inputs')
const { resolve } = createRequire(import.meta.url)
const prismaPackage = resolve('prisma/package.json')

const hash = createHash('sha256')
for (const file of [join(folder, 'prisma', 'schema.prisma'), prismaPackage]) hash.update(readFileSync(file))
const inputs = hash.digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== inputs) {
  rmSync(generated, { recursive: true, force: true })
  const cli = join(dirname(prismaPackage), 'build', 'index.js')
  // Generators are programs that a shell looks up.
  const bin = join(dirname(dirname(prismaPackage)), '.bin')
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'generate'], {
    cwd: folder,
    encoding: 'utf8',
    // Every Prisma command first downloads the schema engine, which generating never starts. Any program that is
    // there keeps it from doing so; an engine that somebody named is left alone.
    env: {
      PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      ...process.env,
      PATH: [bin, process.env['PATH']].join(delimiter),
    },
  })
  if (status !== 0) {
    console.error(`prisma generate failed:\n${stdout}\n${stderr}`)
    process.exit(1)
  }
  writeFileSync(stamp, inputs)
}
