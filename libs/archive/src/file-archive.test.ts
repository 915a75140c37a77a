import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { archiveContract } from './contract.fixture.ts'
import { openFileArchive } from './file-archive.ts'
import { MEBIBYTE, random, sourceOf, type ArchiveHarness } from './harness.fixture.ts'
import { isKey } from './key.ts'

const home = await mkdtemp(join(tmpdir(), 'file-archive-'))
afterAll(() => rm(home, { recursive: true }))

let roots = 0
function newRoot(): string {
  roots += 1
  return join(home, String(roots))
}

async function filesIn(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return files
    .map((path) => path.slice(root.length + 1))
    .filter((path) => !path.startsWith('.mediakeep-archive'))
}

async function fileHarness(root = newRoot()): Promise<ArchiveHarness> {
  return {
    archive: await openFileArchive(root),
    async plant(key, bytes, sha256) {
      const path = join(root, key)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, bytes)
      if (sha256 !== undefined) await writeFile(`${path}.sha256`, `${sha256}  ${key}\n`)
    },
    list: async () =>
      (await filesIn(root)).filter((path) => !path.endsWith('.sha256') || path.startsWith('.tmp')),
  }
}

archiveContract('The file archive', () => fileHarness())

describe('The file archive', () => {
  test('leaves an object and its digest, which sha256sum can check, and no link to the source', async () => {
    const root = newRoot()
    const source = sourceOf(random(1000))
    await (await openFileArchive(root)).put(source)
    expect((await filesIn(root)).sort()).toEqual([source.key, `${source.key}.sha256`])
    expect((await stat(join(root, source.key))).nlink).toBe(1)
    const folder = dirname(join(root, source.key))
    execFileSync('sha256sum', ['-c', `${source.digests.md5}.bin.sha256`], { cwd: folder })
  })

  test('removes with an object its digest', async () => {
    const root = newRoot()
    const archive = await openFileArchive(root)
    const source = sourceOf(random(10))
    await archive.put(source)
    await archive.remove(source.key)
    expect(await filesIn(root)).toEqual([])
  })

  test('does not take an unmounted folder for an empty archive', async () => {
    const root = newRoot()
    const archive = await openFileArchive(root)
    const source = sourceOf(random(10))
    await archive.put(source)
    await rename(root, `${root}-unmounted`)
    await mkdir(root)
    const unmounted = { name: 'ArchiveError', code: 'not_mounted' }
    await expect(archive.head(source.key)).rejects.toMatchObject(unmounted)
    await expect(archive.verify(source.key, source.digests, 'deep')).rejects.toMatchObject(unmounted)
    await expect(archive.open(source.key)).rejects.toMatchObject(unmounted)
    await expect(archive.put(source)).rejects.toMatchObject(unmounted)
    await expect(archive.remove(source.key)).rejects.toMatchObject(unmounted)
    await expect(archive.ping()).rejects.toMatchObject(unmounted)
    await expect(openFileArchive(root, { create: false })).rejects.toMatchObject(unmounted)
    expect(await readdir(root)).toEqual([])
    await rm(root, { recursive: true })
    await rename(`${root}-unmounted`, root)
    expect(await archive.verify(source.key, source.digests, 'deep')).toBe('ok')
    await openFileArchive(root, { create: false })
  })

  test('does not take another archive for its own', async () => {
    const [root, other] = [newRoot(), newRoot()]
    const archive = await openFileArchive(root)
    const { id } = archive
    await openFileArchive(other)
    await rename(root, `${root}-unmounted`)
    await rename(other, root)
    const wrong = { name: 'ArchiveError', code: 'not_mounted' }
    await expect(archive.ping()).rejects.toMatchObject(wrong)
    await expect(openFileArchive(root, { create: false, expectId: id })).rejects.toMatchObject(wrong)
    await rename(root, other)
    await rename(`${root}-unmounted`, root)
    await archive.ping()
    expect((await openFileArchive(root, { expectId: id })).id).toBe(id)
  })

  test("does not take another's folder for its own", async () => {
    const root = newRoot()
    await mkdir(root)
    await writeFile(join(root, 'letter.txt'), 'mine')
    await expect(openFileArchive(root)).rejects.toMatchObject({ code: 'not_mounted' })
    expect(await readdir(root)).toEqual(['letter.txt'])
  })

  test('removes on opening what a killed process was writing, and only that', async () => {
    const root = newRoot()
    await openFileArchive(root)
    await writeFile(join(root, '.tmp', '4194305-dead'), 'half')
    await writeFile(join(root, '.tmp', `${process.pid}-alive`), 'half')
    await openFileArchive(root)
    expect(await readdir(join(root, '.tmp'))).toEqual([`${process.pid}-alive`])
  })

  test('no key leads out of the root or to what is not an object', async () => {
    const archive = await openFileArchive(newRoot())
    const outside = [
      '../x',
      '/etc/passwd',
      'a/../../x',
      '.mediakeep-archive',
      '.tmp/x',
      'a\0b',
      'a//b',
      'a.jpg.sha256',
    ]
    for (const key of outside) {
      await expect(archive.open(key)).rejects.toMatchObject({ code: 'rejected' })
      await expect(archive.head(key)).rejects.toMatchObject({ code: 'rejected' })
      await expect(archive.remove(key)).rejects.toMatchObject({ code: 'rejected' })
    }
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '.', '/', '\\', '-', '\0') }), (key) => {
        return !isKey(key) || (join('/root', key).startsWith(`/root${sep}`) && !key.split('/').includes('..'))
      }),
    )
  })
})

/** A file system of one MiB, if this user may mount one. */
function mountSmall(): string | undefined {
  const path = newRoot()
  try {
    execFileSync('mkdir', ['-p', path])
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' })
    return path
  } catch {
    return undefined
  }
}

const small = mountSmall()
describe.skipIf(small === undefined)('The file archive on a failing file system', () => {
  afterAll(() => {
    if (small !== undefined && existsSync(small)) execFileSync('umount', [small])
  })

  test('a full disk and a read-only one leave no debris and are named', async () => {
    const archive = await openFileArchive(small!)
    const source = sourceOf(random(2 * MEBIBYTE))
    const full: unknown = await archive.put(source).catch((error: unknown) => error)
    expect(full).toMatchObject({ name: 'ArchiveError', code: 'full', retryable: true })
    expect(String(full)).toContain('ENOSPC')
    expect(await filesIn(small!)).toEqual([])
    execFileSync('mount', ['-o', 'remount,ro', small!])
    const readOnly: unknown = await archive.put(sourceOf(random(10))).catch((error: unknown) => error)
    expect(readOnly).toMatchObject({ code: 'read_only', retryable: false })
    expect(String(readOnly)).toContain('EROFS')
    expect(await filesIn(small!)).toEqual([])
  })
})
