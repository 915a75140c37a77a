import { join } from 'node:path'
import { openCache } from '@mediakeep/cache'
import { downloadStage } from '@mediakeep/download'
import { openFetcher } from '@mediakeep/fetch'
import { createInspector, createSniffer } from '@mediakeep/inspect'
import type { Stage } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'
import { startChild } from './child.ts'
import { compare, type Contender, type Finding, type Reference } from './compare.ts'
import { withDatabases, type Databases } from './databases.ts'
import {
  ariaDownload,
  curlDownload,
  emptyFolder,
  isInstalled,
  plainDownload,
  type Download,
} from './downloaders.ts'

import type { SetName } from './samples.ts'
import { stageLog } from './stage-log.ts'

const CONNECTIONS = 16

interface Origin {
  readonly url: string
  readonly title: string
  readonly count: number
  readonly byteSize: number
  readonly extension: string
}

/** Many small files through the whole download stage, beside the same work without a database. */
export async function benchDownload(): Promise<Finding[]> {
  return await withOrigin('small', async (origin, databases) => {
    const reference = contenders(origin, databases)
    const inspector = createInspector()
    const references = [
      reference('the same without a database', (download) => plainDownload(download), 0.6),
      reference('that and inspecting each file', (download) => plainDownload(download, inspector)),
    ]
    const [curl, aria] = await Promise.all(['curl', 'aria2c'].map(isInstalled))
    if (curl) references.push(reference('curl --parallel, unverified', curlDownload))
    if (aria) references.push(reference('aria2c, unverified', ariaDownload))
    const comparisons = await compare({
      name: `download ${origin.title}`,
      unit: 'files/s',
      ours: downloading(origin, databases, origin.count),
      references,
    })
    return [
      ...comparisons,
      ...(curl ? [] : ['curl: not installed']),
      ...(aria ? [] : ['aria2c: not installed']),
    ]
  })
}

/** Few large ones, beside curl. */
export async function benchLargeDownload(): Promise<Finding[]> {
  return await withOrigin('large', async (origin, databases) => {
    const megabytes = origin.byteSize / 1e6
    const reference = contenders(origin, databases, megabytes)
    const hasCurl = await isInstalled('curl')
    const comparisons = await compare({
      name: `download ${origin.title}`,
      unit: 'MB/s',
      ours: downloading(origin, databases, megabytes),
      references: [
        ...(hasCurl ? [reference('curl --parallel, unverified', curlDownload, 0.4)] : []),
        reference('the same without a database', (download) => plainDownload(download)),
      ],
    })
    return [...comparisons, ...(hasCurl ? [] : ['curl: not installed'])]
  })
}

async function withOrigin(
  set: SetName,
  work: (origin: Origin, databases: Databases) => Promise<Finding[]>,
): Promise<Finding[]> {
  const child = await startChild(import.meta.resolve('./origin-process.ts'), [set])
  try {
    return await withDatabases((databases) => work(child.said as Origin, databases))
  } finally {
    await child.stop()
  }
}

function urlsOf({ url, count, extension }: Origin): string[] {
  return Array.from({ length: count }, (_, n) => `${url}/${n}.${extension}`)
}

function contenders(
  origin: Origin,
  { folder }: Databases,
  units = origin.count,
): (against: string, work: (download: Download) => Promise<void>, aim?: number) => Reference {
  const download = { urls: urlsOf(origin), folder: join(folder, 'files'), connections: CONNECTIONS }
  return (against, work, aim) => ({
    against,
    ...(aim === undefined ? {} : { aim }),
    prepare: () => emptyFolder(download.folder),
    run: () => work(download).then(() => units),
  })
}

function downloading(origin: Origin, databases: Databases, units: number): Contender {
  const folder = join(databases.folder, 'cache')
  let stage: Stage
  return {
    async prepare() {
      await emptyFolder(folder)
      const db = await databases.fresh('downloads')
      await addMedia(db, urlsOf(origin))
      stage = downloadStage({
        db,
        cache: await openCache(folder, { create: true }),
        fetcher: openFetcher({ allowHosts: [new URL(origin.url).host] }),
        sniffer: createSniffer(),
        inspector: createInspector(),
        concurrencyPerHost: CONNECTIONS,
        log: stageLog,
      })
    },
    async run() {
      const { done, failed } = await stage.drain(new AbortController().signal)
      if (done !== origin.count) throw new Error(`${done} were downloaded, ${failed} failed`)
      return units
    },
  }
}

/** Rows as an import leaves them, each of a post of its own. */
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
