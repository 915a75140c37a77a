import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openCache, type FileCache } from '@mediakeep/cache'
import type { Fetcher } from '@mediakeep/content'
import { downloadStage } from '@mediakeep/download'
import { createInspector, createSniffer, type SandboxedInspector } from '@mediakeep/inspect'
import type { Stage } from '@mediakeep/lease'
import { inspectStage } from '@mediakeep/pipeline'
import type { Sql } from '@mediakeep/sql'
import type { Contender } from './compare.ts'
import type { BenchDatabase, Databases } from './databases.ts'
import { emptyFolder } from './downloaders.ts'
import { stageLog } from './stage-log.ts'

/** Connections to the origin, for ours and for the references. */
export const CONNECTIONS = 16

/** URLs to download, and where to. */
export interface DownloadTask {
  readonly urls: readonly string[]
  readonly databases: Databases
  /** Shared by all runs, as a server has one for its lifetime. */
  readonly fetcher: Fetcher
  /** Units that a run counts as done; default the number of files. */
  readonly units?: number
}

/** The download stage: puts files in the cache and records them in rows. Decodes nothing. */
export function downloading(task: DownloadTask): Contender {
  let stage: Stage
  return {
    prepare: async () => void (stage = downloads(await makeRoom(task), task)),
    run: () => drain([stage], task),
  }
}

/** Inspects the downloaded files, in child processes. */
export function inspecting(task: DownloadTask, inspector: SandboxedInspector): Contender {
  let stage: Stage
  return {
    async prepare() {
      const room = await makeRoom(task)
      await drain([downloads(room, task)], task)
      stage = inspections(room, inspector)
    },
    run: () => drain([stage], task),
  }
}

/** Runs both stages concurrently, until every file is decoded. */
export function downloadingAndInspecting(task: DownloadTask, inspector: SandboxedInspector): Contender {
  let stages: Stage[]
  return {
    async prepare() {
      const room = await makeRoom(task)
      stages = [downloads(room, task), inspections(room, inspector)]
    },
    run: () => drain(stages, task),
  }
}

/** Decodes the files of a folder in this process: no database, no child processes. */
export async function inspectFolder(folder: string): Promise<void> {
  const inspector = createInspector()
  await Promise.all((await readdir(folder)).map((name) => inspector.inspect(join(folder, name))))
}

interface Room {
  readonly db: BenchDatabase
  readonly cache: FileCache
}

async function makeRoom({ urls, databases }: DownloadTask): Promise<Room> {
  const folder = join(databases.folder, 'cache')
  await emptyFolder(folder)
  const db = await databases.fresh('downloads')
  await addMedia(db, urls)
  return { db, cache: await openCache(folder, { create: true }) }
}

function downloads({ db, cache }: Room, { fetcher }: DownloadTask): Stage {
  return downloadStage({
    db,
    cache,
    fetcher,
    sniffer: createSniffer(),
    inspector: createInspector(),
    concurrencyPerHost: CONNECTIONS,
    log: stageLog,
  })
}

function inspections({ db, cache }: Room, inspector: SandboxedInspector): Stage {
  const concurrency = inspector.concurrency * 2
  return inspectStage({ db, cache, inspector, concurrency, leaseSeconds: 30, log: stageLog })
}

/** Drains the stages concurrently until each has done every file. */
async function drain(stages: readonly Stage[], { urls, units = urls.length }: DownloadTask): Promise<number> {
  const { signal } = new AbortController()
  await Promise.all(
    stages.map(async (stage) => {
      for (let left = urls.length; left > 0;) {
        const { done, failed } = await stage.drain(signal)
        if (failed > 0) throw new Error(`${stage.name}: ${failed} of ${urls.length} failed`)
        left -= done
      }
    }),
  )
  return units
}

/** Inserts rows as an import leaves them, each with its own post. */
async function addMedia(db: Sql, urls: readonly string[]): Promise<void> {
  await db.query(
    `WITH added AS (
       INSERT INTO posts (post_id, urn, posted_at_timestamp)
       SELECT 'p-' || n, n, 0 FROM generate_series(1, cardinality($1::text[])) n)
     INSERT INTO post_media (media_id, post_id, media_type, media_url, source_key, source_host, role, ai_analysis_log)
     SELECT 'med-' || n, 'p-' || n, 'image', url, encode(sha256(url::bytea), 'hex'), split_part(url, '/', 3),
       'content', '[]' FROM unnest($1::text[]) WITH ORDINALITY m (url, n)`,
    [urls],
  )
}
