import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { ROOT } from './source-files.fixture.ts'

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const listed = (pattern: string): string[] =>
  execFileSync('git', ['ls-files', pattern], { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((path) => path !== '')

async function readManifest(path: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(ROOT, path), 'utf8')) as Manifest
}

/** `@mediakeep/media/fate` → `@mediakeep/media`; undefined for files and for Node's own modules */
function packageOf(specifier: string): string | undefined {
  if (/^[./#]/.test(specifier) || specifier.includes(':') || isBuiltin(specifier)) return undefined
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

const importsOf = (text: string): string[] =>
  ts.preProcessFile(text, true, false).importedFiles.flatMap(({ fileName }) => packageOf(fileName) ?? [])

/** Types disappear from what users run; tests, benchmarks, scripts and configurations are not installed by users. */
const IMPORTED_TYPES = /^import type [^;]*? from '[^']+'$/gm
const NOT_INSTALLED = /\.(?:test|fixture|drill)\.tsx?$|^(?:bench|sample)\/|\/scripts\/|config\.ts$/

/** Returns `file: package` for imports that the manifest does not declare. */
function findUndeclared(path: string, text: string, manifest: Manifest, shared: Manifest): string[] {
  const forUsers = [
    manifest.name,
    ...Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }),
  ]
  const all = [...forUsers, ...Object.keys({ ...manifest.devDependencies, ...shared.devDependencies })]
  const undeclared = NOT_INSTALLED.test(path)
    ? importsOf(text).filter((used) => !all.includes(used))
    : [
        ...importsOf(text).filter((used) => !all.includes(used)),
        ...importsOf(text.replaceAll(IMPORTED_TYPES, '')).filter((used) => !forUsers.includes(used)),
      ]
  return [...new Set(undeclared)].map((used) => `${path}: ${used}`)
}

test('an import of a package that the manifest does not name is found', () => {
  const manifest = { name: 'a', dependencies: { zod: '1' }, devDependencies: { vite: '1' } }
  const text = `import 'a/b'\nimport 'zod'\nimport 'node:fs'\nimport './x.ts'\nimport { y } from '@s/y/z'\nawait import('vite')`
  expect(findUndeclared('x.ts', text, manifest, { name: '' })).toEqual(['x.ts: @s/y', 'x.ts: vite'])
  expect(findUndeclared('x.ts', "import type { a } from 'vite'", manifest, { name: '' })).toEqual([])
  expect(findUndeclared('x.test.ts', text, manifest, { name: '' })).toEqual(['x.test.ts: @s/y'])
})

test('every package declares what it imports', async () => {
  const shared = await readManifest('package.json')
  const manifests = listed('*/package.json').filter((path) => !path.startsWith('examples/'))
  const undeclared: string[] = []
  let files = 0
  for (const path of manifests) {
    const manifest = await readManifest(path)
    for (const file of listed(`${dirname(path)}/*.ts*`)) {
      if (!/\.tsx?$/.test(file) || file.endsWith('.d.ts')) continue
      files++
      undeclared.push(...findUndeclared(file, await readFile(join(ROOT, file), 'utf8'), manifest, shared))
    }
  }
  expect(files).toBeGreaterThan(1000)
  expect(undeclared).toEqual([])
})
