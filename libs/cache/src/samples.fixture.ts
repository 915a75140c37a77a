import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { digestBytes, type Digests } from '@mediakeep/checksum'
import { cachePath } from '@mediakeep/content'
import { onTestFinished } from 'vitest'
import { openCache, type FileCache } from './file-cache.ts'

export interface Sample {
  readonly bytes: Buffer
  readonly digests: Digests
  readonly path: string
}

export function sampleOf(bytes: Buffer, name?: string): Sample {
  const digests = digestBytes(bytes)
  return {
    bytes,
    digests,
    path: cachePath({ mediaType: 'image', name: name ?? digests.md5, extension: 'jpg' }),
  }
}

export function randomSample(byteSize = 1000): Sample {
  return sampleOf(randomBytes(byteSize))
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-cache-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export async function newCache(): Promise<FileCache> {
  return await openCache(join(await temporaryFolder(), 'cache'), { create: true })
}

export async function store(cache: FileCache, sample: Sample): Promise<'stored' | 'present'> {
  const temporary = await cache.createTemporary()
  await writeFile(temporary.path, sample.bytes)
  return await cache.put(temporary, sample.path, sample.digests)
}

/** Every file below the root except hidden ones, sorted. */
export async function filesIn(cache: FileCache, folder = '.'): Promise<string[]> {
  const entries = await readdir(join(cache.root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(cache.root.length + 1))
    .sort()
}
