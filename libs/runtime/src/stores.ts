import { createHash } from 'node:crypto'
import { join, resolve } from 'node:path'
import { openFileArchive, openS3Archive } from '@mediakeep/archive'
import { openCache, type FileCache } from '@mediakeep/cache'
import type { Config } from '@mediakeep/config'
import type { Archive } from '@mediakeep/content'
import type { Sql } from '@mediakeep/sql'
import { readSetting, sharedSetting, writeSetting } from './settings.ts'
import { selectFileUrl } from './stores.sql.ts'

/**
 * Opens the configured cache. The database stores its id per machine and folder, so that an unmounted folder is not
 * mistaken for a new, empty cache.
 */
export async function openConfiguredCache(config: Config, sql: Sql): Promise<FileCache> {
  const place = createHash('sha256')
    .update(`${config.machine}\0${config.cache.folder}`)
    .digest('hex')
    .slice(0, 16)
  const name = `cache_id:${place}`
  const expectId = await readSetting(sql, name)
  const cache = await openCache(config.cache.folder, expectId === undefined ? { create: true } : { expectId })
  await sharedSetting(sql, name, () => cache.id)
  return cache
}

const ARCHIVE_ID = 'file_archive_id'

/**
 * Opens the configured archive: a bucket or a folder. Once something is archived, the database stores the folder's id,
 * so that neither an empty mount point nor another archive is mistaken for it.
 */
export async function openConfiguredArchive(config: Config, sql: Sql): Promise<Archive> {
  const { archive } = config
  if (archive.kind === 's3') return openS3Archive(archive)
  const known = await selectFileUrl(sql)
  const isNew = known.rowCount === 0
  const expectId = isNew ? undefined : await readSetting(sql, ARCHIVE_ID)
  const opened = await openFileArchive(archive.folder, { create: isNew, expectId })
  if (expectId === undefined) await writeSetting(sql, ARCHIVE_ID, opened.id)
  return opened
}

/**
 * Opens the previously configured archive, read-only: a folder, by default that of MEDIAKEEP_HOME, or another bucket of
 * the same store.
 *
 * @param name a folder, or `s3://bucket`
 */
export async function openFormerArchive(
  config: Config,
  sql: Sql,
  name: string | undefined,
): Promise<Archive> {
  const bucket = name === undefined ? undefined : /^s3:\/\/([^/]+)\/?$/.exec(name)?.[1]
  if (bucket !== undefined)
    return openS3Archive(config.archive.kind === 's3' ? { ...config.archive, bucket } : { bucket })
  const folder = resolve(name ?? join(config.home, 'archive'))
  return openFileArchive(folder, { create: false, expectId: await readSetting(sql, ARCHIVE_ID) })
}
