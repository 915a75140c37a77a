import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileCache } from '@mediakeep/cache'
import { openFetcher } from '@mediakeep/fetch'
import { createImportRun, runImport } from '@mediakeep/import'
import { createInspector, createSniffer } from '@mediakeep/inspect'
import type { Stage } from '@mediakeep/lease'
import type { JsonObject, SourceFormat } from '@mediakeep/plugin-api'
import { sourceFormats } from '@mediakeep/sources'
import { buildZip, type TestDatabase, type ZipMember } from '@mediakeep/testing'
import { onTestFinished } from 'vitest'
import type { MediaRow } from '../world.fixture.ts'
import { fileStage, type FileStageOptions } from './file-stage.ts'

export const MACHINE = 'here'

/** A post of the album: `files` and `urls` at the same place belong together. */
export interface AlbumPost {
  readonly id: string
  readonly files?: readonly string[]
  readonly urls?: readonly string[]
}

/** Posts that name files of their export, with or without a URL. */
const album: SourceFormat = {
  name: 'album',
  platform: 'album',
  files: [{ path: 'album/posts.json' }],
  recognises: ({ album_post: id }) => typeof id === 'string',
  read(post, place) {
    const {
      album_post: id,
      files = [],
      urls = [],
    } = post as JsonObject & {
      album_post: string
      files?: string[]
      urls?: string[]
    }
    return {
      urn: `album:${id}`,
      postedAt: 1_700_000_000_000,
      media: Array.from({ length: Math.max(files.length, urls.length) }, (_, n) => {
        const file = files[n] === undefined ? undefined : place.resolve(`album/${files[n]}`)
        return {
          ...(urls[n] !== undefined && { url: urls[n] }),
          ...(file === undefined ? { missing: files[n] } : { file }),
          ...(urls[n] === undefined && { key: `${id}-${n}` }),
          role: 'content' as const,
          mediaType: 'image' as const,
          pointer: `/media/${n}`,
        }
      }),
    }
  },
}

const formats = [...sourceFormats, album]

export async function useFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mediakeep-exports-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export function albumMembers(
  posts: readonly AlbumPost[],
  members: readonly ZipMember[] = [],
): readonly ZipMember[] {
  const items = posts.map(({ id, ...post }) => ({ album_post: id, ...post }))
  return [
    { name: 'album/posts.json', bytes: JSON.stringify(items) },
    ...members.map((member) => ({ ...member, name: `album/${String(member.name)}` })),
  ]
}

/** Writes a zip archive with an album. @returns its path */
export async function writeAlbum(
  path: string,
  posts: readonly AlbumPost[],
  members: readonly ZipMember[] = [],
): Promise<string> {
  await writeFile(path, buildZip(albumMembers(posts, members)))
  return path
}

export async function importExport(database: TestDatabase, path: string, machine = MACHINE): Promise<void> {
  const runId = await createImportRun(database, { files: [path], machine })
  await runImport(database, { runId, formats, machine })
}

/** The stage with its real parts and without a network. Every look at exports counts as the first. */
export function useFileStage(
  database: TestDatabase,
  cache: FileCache,
  options: Partial<FileStageOptions> & { readonly maxBytes?: number } = {},
): Stage {
  const { maxBytes, ...rest } = options
  const fetcher = openFetcher({ maxBytes })
  onTestFinished(() => fetcher.close())
  return fileStage({
    db: database,
    cache,
    fetcher,
    sniffer: createSniffer(),
    inspector: createInspector(),
    machine: MACHINE,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    ...rest,
  })
}

/** Fates with their reasons, sorted. */
export function fatesOf(rows: readonly MediaRow[]): string[] {
  return rows.map(({ fate, fate_reason: reason }) => (reason === null ? fate : `${fate}: ${reason}`)).sort()
}
