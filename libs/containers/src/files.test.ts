import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failureOf, pathsIn, textOf } from './containers.fixture.ts'
import { openContainer } from './open-container.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'))
})
afterAll(() => rm(folder, { recursive: true }))

const write = async (name: string, bytes: Buffer | string): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}
/** `[1]` and a line end, by xz 5.4. */
const XZ = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQADWzFdCgALpqrIbX3OJgABHARvLJzBH7bzfQEAAAAABFla',
  'base64',
)
const text = '[1]\n'

test('a plain file is its own member', async () => {
  const container = await openContainer(await write('posts.json', text))
  expect(pathsIn(container)).toEqual(['posts.json'])
  expect(await textOf(container.find('posts.json'))).toBe(text)
})

test.each([
  ['gz', gzipSync(text)],
  ['gz', Buffer.concat([gzipSync('[1]'), gzipSync('\n')])],
  ['zst', zstdCompressSync(text)],
  ['xz', XZ],
])('%s is decompressed while it is read', async (extension, bytes) => {
  const container = await openContainer(await write(`posts.json.${extension}`, bytes))
  expect(pathsIn(container)).toEqual(['posts.json'])
  expect(container.member(0).byteSize).toBeUndefined()
  expect(await textOf(container.member(0))).toBe(text)
})

test('frames of zstd after the first are not lost silently', async () => {
  const path = await write('frames.zst', Buffer.concat([zstdCompressSync('[1]'), zstdCompressSync('[2]')]))
  expect(await failureOf((await openContainer(path)).member(0))).toBe('unsupported')
})

test.each([
  ['gz', gzipSync(text.repeat(99)), 12],
  ['zst', zstdCompressSync(text.repeat(99)), 12],
  ['xz', XZ, 40],
])('truncated %s fails and says so', async (extension, bytes, length) => {
  const container = await openContainer(await write(`cut.${extension}`, bytes.subarray(0, length)))
  expect(await failureOf(container.member(0))).toMatch(/truncated|damaged/)
})

test.each(['gz', 'zst'])('damaged %s fails and says so', async (extension) => {
  const bytes = extension === 'gz' ? gzipSync(text.repeat(99)) : zstdCompressSync(text.repeat(99))
  bytes.fill(0xff, 12, 18)
  const container = await openContainer(await write(`bad.${extension}`, bytes))
  expect(await failureOf(container.member(0))).toMatch(/truncated|damaged/)
})

test.each([
  ['gz', (bytes: Buffer) => gzipSync(bytes)],
  ['zst', (bytes: Buffer) => zstdCompressSync(bytes)],
])('a bomb in %s is stopped', async (extension, compress) => {
  const container = await openContainer(
    await write(`bomb.${extension}`, compress(Buffer.alloc(64 * 1024 * 1024))),
  )
  expect(await failureOf(container.member(0))).toBe('bomb')
})

test('a folder has its files by path; links out of it are refused', async () => {
  const root = join(folder, 'export')
  await mkdir(join(root, 'photos/.cache'), { recursive: true })
  await mkdir(join(root, '__MACOSX'))
  await writeFile(join(root, 'result.json'), text)
  await writeFile(join(root, 'photos/1.jpg'), 'x')
  await writeFile(join(root, 'photos/.hidden'), 'x')
  await symlink(join(root, 'photos'), join(root, 'again'))
  await symlink('/etc/hostname', join(root, 'out'))
  await symlink(join(root, 'nowhere'), join(root, 'broken'))
  const container = await openContainer(root)
  expect(pathsIn(container)).toEqual(['photos/1.jpg', 'result.json'])
  expect(container.refused.map(({ path, code }) => `${code} ${path}`)).toEqual([
    'symbolic_link broken',
    'symbolic_link out',
  ])
  expect(await textOf(container.find('result.json'))).toBe(text)
  const before = await container.digest()
  await writeFile(join(root, 'photos/1.jpg'), 'xy')
  expect(await (await openContainer(root)).digest()).not.toBe(before)
})

test('archives of the usual programs are read', async () => {
  const root = join(folder, 'packed')
  await mkdir(join(root, 'größe'), { recursive: true })
  await writeFile(join(root, 'größe/a.json'), text)
  const path = join(folder, 'packed.zip')
  try {
    execFileSync('zip', ['-qr', path, '.'], { cwd: root })
  } catch {
    return // Without the program, the archives that the other tests build have to do.
  }
  const container = await openContainer(path)
  expect(await textOf(container.find('größe/a.json'))).toBe(text)
  await container.close()
})
