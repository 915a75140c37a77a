import type { Config } from '@mediakeep/config'
import type { Archive } from '@mediakeep/content'
import { archivePrefix } from '@mediakeep/pipeline'
import type { CancellableDatabase } from '@mediakeep/sql'
import type { Logger } from 'pino'
import { formatBytes } from './output.ts'
import { selectOtherArchive } from './start-report.sql.ts'

/** Returns one line with the place of every store, without any secret. */
export function storesLine({ databaseUrl, cache, archive }: Config, embeddedFolder?: string): string {
  const database = databaseUrl === undefined ? `embedded in ${embeddedFolder!}` : withoutSecrets(databaseUrl)
  const place =
    archive.kind === 'file'
      ? `${archive.folder} (a folder: no S3_BUCKET is set)`
      : `s3://${archive.bucket} at ${archive.endpoint === undefined ? 'AWS' : new URL(archive.endpoint).origin}`
  return `Database: ${database}. Cache: ${cache.folder}, up to ${formatBytes(cache.maxBytes)}. Archive: ${place}.`
}

function withoutSecrets(url: string): string {
  const { protocol, username, host, pathname } = new URL(url)
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`
}

const PROBE_MS = 10_000

export interface ArchiveCheckParts {
  readonly db: CancellableDatabase
  readonly archive: Archive
  readonly log: Logger
}

/** Logs problems with the archive. Nothing waits for it: files in the cache are served all the same. */
export async function reportArchive(parts: ArchiveCheckParts, signal: AbortSignal): Promise<void> {
  await Promise.all([reportRefusal(parts, signal), reportOtherArchive(parts, signal)])
}

async function reportRefusal({ archive, log }: ArchiveCheckParts, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(PROBE_MS)
  try {
    await archive.ping(AbortSignal.any([deadline, signal]))
  } catch (error) {
    if (signal.aborted) return
    const reason = deadline.aborted ? `no answer within ${PROBE_MS / 1000} s` : (error as Error).message
    log.error(`The archive ${archivePrefix(archive)} cannot be used: ${reason}`)
  }
}

/** After a move from a folder to a bucket, rows still refer to the folder, whose objects can no longer be read. */
async function reportOtherArchive(
  { db, archive, log }: ArchiveCheckParts,
  signal: AbortSignal,
): Promise<void> {
  try {
    const found = await selectOtherArchive(db.cancelledBy(signal), [archivePrefix(archive)])
    const url = found.rows[0]?.url
    if (url !== undefined)
      log.warn(
        `Some contents are archived elsewhere than in ${archivePrefix(archive)}, such as ${url}: they cannot be read ` +
          'from there. Copy them with `mediakeep archive move`, or set S3_BUCKET back.',
      )
  } catch (error) {
    if (!signal.aborted) log.warn({ err: error }, 'could not check for contents in another archive')
  }
}
