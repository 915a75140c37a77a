import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Sql } from '@mediakeep/sql'
import { expect } from 'vitest'

/** Reads an object of the archive by its URL. @throws if it does not exist */
type ReadObject = (url: string) => Promise<Buffer>

export interface Inspected {
  readonly sql: Sql
  readonly readObject: ReadObject
}

export interface Expected {
  /** Number of media rows. */
  readonly media: number
  /** Checksums acknowledged earlier. */
  readonly seen: ReadonlySet<string>
  /** True if archived files may have left the cache to make room. */
  readonly mayEvict?: boolean | undefined
}

/** Counts rows that still wait for something, or that a process holds. */
async function unfinished(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    `SELECT (SELECT count(*) FROM public.post_media WHERE fate = 'waiting' OR download_lease_token IS NOT NULL)
       + (SELECT count(*) FROM mediakeep.contents WHERE rejected_at IS NULL
          AND (archive_url IS NULL OR archive_missing_since IS NOT NULL OR archive_verified_at IS NULL
            OR inspected_at IS NULL OR archive_lease_token IS NOT NULL OR inspect_lease_token IS NOT NULL))
       + (SELECT count(*) FROM mediakeep.analyses WHERE state = 'pending')
       + (SELECT count(*) FROM public.download_runs WHERE status = 'running') AS n`,
  )
  return rows[0]!.n
}

/** Waits until nothing is unfinished. @throws after `seconds`, with what still is */
export async function untilFinished(sql: Sql, seconds: number): Promise<void> {
  const until = Date.now() + seconds * 1000
  while ((await unfinished(sql)) > 0) {
    if (Date.now() > until) throw new Error(`after ${seconds} s: ${await describeUnfinished(sql)}`)
    await sleep(250)
  }
}

async function describeUnfinished(sql: Sql): Promise<string> {
  const { rows } = await sql.query(
    `SELECT 'media' AS what, fate AS state, fate_reason AS reason, count(*) FROM public.post_media GROUP BY 1, 2, 3
     UNION ALL SELECT 'content', CASE WHEN inspected_at IS NULL THEN 'not inspected' WHEN archive_url IS NULL THEN 'not archived'
       ELSE 'archived' END, coalesce(inspect_error, archive_error), count(*) FROM mediakeep.contents GROUP BY 1, 2, 3
     UNION ALL SELECT 'analysis', state, error, count(*) FROM mediakeep.analyses GROUP BY 1, 2, 3`,
  )
  return JSON.stringify(rows)
}

/** Returns the checksums of everything acknowledged so far: fetched, and recorded as such. */
export async function acknowledged(sql: Sql): Promise<Set<string>> {
  const { rows } = await sql.query<{ sha256: string }>(
    `SELECT DISTINCT sha256_sum AS sha256 FROM public.post_media WHERE fate = 'fetched'`,
  )
  return new Set(rows.map(({ sha256 }) => sha256))
}

/**
 * Checks what must hold after every failure: no row without its bytes, no acknowledged bytes lost, nothing stuck,
 * nothing rejected or given up. Computes the digests from the bytes, and trusts no recorded ones.
 */
export async function expectWhole(
  { sql, readObject }: Inspected,
  { media, seen, mayEvict = false }: Expected,
): Promise<void> {
  expect(await unfinished(sql)).toBe(0)
  const fates = await sql.query(`SELECT fate, count(*) AS n FROM public.post_media GROUP BY fate`)
  expect(fates.rows).toEqual([{ fate: 'fetched', n: media }])
  const { rows } = await sql.query<{
    sha256: string
    url: string | null
    name: string
    extension: string
    folder: string | null
  }>(
    `SELECT c.sha256_sum AS sha256, c.archive_url AS url, c.name, c.extension, k.folder
     FROM mediakeep.contents c LEFT JOIN mediakeep.caches k ON k.cache_id = c.cache_id ORDER BY 1`,
  )
  const kept = new Set(rows.map(({ sha256 }) => sha256))
  expect([...seen].filter((sha256) => !kept.has(sha256))).toEqual([])
  const orphans = await sql.query(
    `SELECT FROM public.post_media m WHERE NOT EXISTS (
       SELECT FROM mediakeep.contents c WHERE c.sha256_sum = m.sha256_sum)`,
  )
  expect(orphans.rowCount).toBe(0)
  for (const { sha256, url, name, extension, folder } of rows) {
    expect(digest(await readObject(url!)), url!).toBe(sha256)
    // The folder of a machine that is gone no longer exists.
    if (folder === null || !existsSync(folder)) continue
    const path = join(folder, 'images', `${name}.${extension}`)
    if (mayEvict && !existsSync(path)) continue
    expect(digest(await readFile(path)), path).toBe(sha256)
  }
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
