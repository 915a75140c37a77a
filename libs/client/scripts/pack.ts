/**
 * Packs the built client for frontends outside of this repository: `mediakeep-client-<version>.tgz`, JavaScript with
 * its declarations. `node libs/client/scripts/pack.ts [FOLDER]`
 */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly description: string
  readonly license: string
  readonly type: string
  readonly dependencies: Readonly<Record<string, string>>
}

const root = join(import.meta.dirname, '..')
const destination = resolve(process.argv[2] ?? '.')
const folder = await mkdtemp(join(tmpdir(), 'mediakeep-client-'))
try {
  await cp(join(root, 'dist'), join(folder, 'dist'), {
    recursive: true,
    filter: (path) => !path.endsWith('.tsbuildinfo') && !path.endsWith('.map'),
  })
  for (const file of ['README.md', 'example', 'src/documents', 'src/generated/persisted-documents.json'])
    await cp(join(root, file), join(folder, file.replace(/^src\/(?:generated\/)?/, '')), { recursive: true })
  const { name, version, description, license, type, dependencies } = JSON.parse(
    await readFile(join(root, 'package.json'), 'utf8'),
  ) as Manifest
  const manifest = {
    ...{ name, version, description, license, type, dependencies },
    types: './dist/index.d.ts',
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './persisted-documents.json': './persisted-documents.json',
      './package.json': './package.json',
    },
  }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
  const packed = await promisify(execFile)('npm', ['pack', '--silent', '--pack-destination', destination], {
    cwd: folder,
  })
  process.stdout.write(`${join(destination, packed.stdout.trim())}\n`)
} finally {
  await rm(folder, { recursive: true })
}
