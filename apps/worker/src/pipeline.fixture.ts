import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openFileArchive } from '@mediakeep/archive'
import { openCache, type FileCache } from '@mediakeep/cache'
import { readConfig } from '@mediakeep/config'
import type { Stage } from '@mediakeep/lease'
import { openIntake, openIsolation } from '@mediakeep/runtime'
import type { TestDatabase } from '@mediakeep/testing'
import { pino } from 'pino'
import { onTestFinished } from 'vitest'
import { downloads, inspections, type StageParts, uploads } from './stages.ts'

const PICTURE = join(import.meta.dirname, '../../../sample/media/article.jpg')
const STAGES = { download: downloads, inspect: inspections, archive: uploads }

/** Real stages over a cache and an archive in a folder, with a server of media. */
export interface Pipeline {
  readonly parts: StageParts
  readonly cache: FileCache
  drain(stage: keyof typeof STAGES): Promise<unknown>
  /** Adds posts with one media item each, from `/<first>.jpg` on. */
  addMedia(first: number, count: number): Promise<void>
}

/** @param bodyOf the response to a path; default a different picture for each */
export async function openPipeline(
  db: TestDatabase,
  folder: string,
  bodyOf?: (path: string) => Buffer,
): Promise<Pipeline> {
  const picture = await readFile(PICTURE)
  const host = await serve(bodyOf ?? ((path) => numbered(picture, path)))
  const config = readConfig({ MEDIAKEEP_HOME: folder, DOWNLOAD_ALLOW_HOSTS: host })
  const cache = await openCache(config.cache.folder, { create: true })
  const intake = openIntake(config, { cache, isolation: await openIsolation(config, cache) })
  onTestFinished(() => intake.close())
  const archive = await openFileArchive(join(folder, 'archive'))
  const log = pino({ level: 'silent' })
  const nothing: Stage = { name: 'analyse', drain: () => Promise.resolve({ done: 0, failed: 0 }) }
  const analysis = nothing as StageParts['analysis']
  const parts = { ...intake, db, cache, archive, config, formats: [], log, analysis }
  return {
    parts,
    cache,
    drain: (name) => STAGES[name](parts).drain(new AbortController().signal),
    async addMedia(first, count) {
      await db.query(
        `WITH n AS (SELECT lpad(n::text, 4, '0') AS n FROM generate_series($1::int, $1 + $2 - 1) n),
         added AS (INSERT INTO posts (post_id, urn, posted_at_timestamp) SELECT 'p-' || n, 'urn-' || n, 0 FROM n)
         INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, source_host)
         SELECT 'med-' || n, 'p-' || n, 'image', 'http://' || $3 || '/' || n || '.jpg', n, $3 FROM n`,
        [first, count, host],
      )
    },
  }
}

async function serve(bodyOf: (path: string) => Buffer): Promise<string> {
  const server = createServer((request, response) => {
    const body = bodyOf(request.url ?? '')
    response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': body.byteLength }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Returns the same picture with its own comment: other bytes, but the same to every decoder. */
function numbered(picture: Buffer, comment: string): Buffer {
  const text = Buffer.from(comment)
  const segment = Buffer.from([0xff, 0xfe, 0, text.byteLength + 2])
  return Buffer.concat([picture.subarray(0, 2), segment, text, picture.subarray(2)])
}
