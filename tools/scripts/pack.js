// node tools/scripts/pack.js <folder>
// Packs @mediakeep/tools and the libraries it stands on into one tarball that any Nx workspace can install. Needs a build.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const LIBRARIES = ['embedded-postgres', 'migrations', 'postgres', 'schema-verify', 'sql']

const read = (path) => JSON.parse(readFileSync(path, 'utf8'))
const write = (path, value) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`)
const isOurs = (name) => name.startsWith('@mediakeep/')
const built = { types: './dist/index.d.ts', default: './dist/index.js' }

function copyBuilt(from, to, manifest) {
  if (!existsSync(join(from, 'dist/index.js'))) throw new Error(`${from} is not built: nx run-many -t build`)
  mkdirSync(to, { recursive: true })
  cpSync(join(from, 'dist'), join(to, 'dist'), {
    recursive: true,
    filter: (path) => !/\.(map|tsbuildinfo)$/.test(path),
  })
  write(join(to, 'package.json'), manifest)
}

const stage = mkdtempSync(join(tmpdir(), 'tools-'))
const source = join(ROOT, 'tools')
const own = read(join(source, 'package.json'))
const dependencies = {}
const optionalDependencies = {}
for (const library of LIBRARIES) {
  const manifest = read(join(ROOT, 'libs', library, 'package.json'))
  const { name, version, license, type } = manifest
  copyBuilt(join(ROOT, 'libs', library), join(stage, 'node_modules', name), {
    ...{ name, version, license, type, exports: { '.': built } },
  })
  dependencies[name] = version
  for (const [other, range] of Object.entries(manifest.dependencies ?? {})) {
    if (!isOurs(other)) dependencies[other] = range
    else if (!LIBRARIES.includes(other.slice(11)))
      throw new Error(`${name} needs ${other}, which is not packed`)
  }
  Object.assign(optionalDependencies, manifest.optionalDependencies)
}
for (const [name, range] of Object.entries(own.dependencies)) if (!isOurs(name)) dependencies[name] = range
copyBuilt(source, stage, {
  ...{ name: own.name, version: own.version, description: own.description, license: own.license },
  ...{ type: 'module', engines: own.engines, main: './dist/index.js', types: './dist/index.d.ts' },
  exports: { ...own.exports, '.': built },
  ...{ executors: own.executors, generators: own.generators, bin: own.bin },
  ...{
    dependencies,
    optionalDependencies,
    bundleDependencies: LIBRARIES.map((name) => `@mediakeep/${name}`),
  },
})
for (const name of ['bin', 'schemas', 'README.md'])
  cpSync(join(source, name), join(stage, name), { recursive: true })
cpSync(join(ROOT, 'LICENSE'), join(stage, 'LICENSE'))
const toDist = (text) => text.replaceAll(/\.\/src\/([\w-]+)\.ts/g, './dist/$1.js')
for (const name of ['executors.json', 'generators.json']) {
  writeFileSync(join(stage, name), toDist(readFileSync(join(source, name), 'utf8')))
}
const bin = join(stage, 'bin/mediakeep-schema.js')
writeFileSync(bin, readFileSync(bin, 'utf8').replace('../src/main.ts', '../dist/main.js'))

const folder = resolve(process.argv[2] ?? '.')
const packed = spawnSync('npm', ['pack', '--silent', '--pack-destination', folder], {
  cwd: stage,
  encoding: 'utf8',
})
rmSync(stage, { recursive: true })
if (packed.status !== 0) throw new Error(`npm pack: ${packed.stderr}`)
console.log(join(folder, packed.stdout.trim()))
