import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsonObject, JsonValue } from '@mediakeep/plugin-api'
import { sourceFormats } from '@mediakeep/sources'
import type { TestDatabase } from '@mediakeep/testing'
import { createImportRun, readRunSummary, runImport, type RunSummary } from './index.ts'

export const formats = sourceFormats

const FIRST = 1_700_000_000_000

/** The activity of the nth invented post. */
export function urnOf(n: number): string {
  return String(BigInt(FIRST + n) << 22n)
}

export function invented(n: number, changes: JsonObject = {}): JsonObject {
  return {
    urn: { activity_urn: urnOf(n), share_urn: null, ugcPost_urn: null },
    posted_at: { timestamp: FIRST + n },
    text: `The harbour, day ${n}`,
    author: { username: `author-${n % 7}` },
    stats: { total_reactions: n % 1000 },
    media: { type: 'image', url: signed(`photo-${n}`) },
    ...changes,
  }
}

/** A URL whose source is the same for every signature. */
export function signed(name: string, signature = 'a', expires = 1_890_000_000): string {
  return `https://media.example/${name}.jpg?Expires=${expires}&Signature=${signature}&Key-Pair-Id=K1`
}

let folder: Promise<string> | undefined
let count = 0

/** Writes a posts file: a list as a JSON array, anything else unchanged. @returns its path */
export async function postsFile(
  content: JsonValue[] | string | Buffer,
  name = 'posts.json',
): Promise<string> {
  folder ??= mkdtemp(join(tmpdir(), 'import-'))
  const path = join(await folder, `${count++}-${name}`)
  await writeFile(path, Array.isArray(content) ? JSON.stringify(content) : content)
  return path
}

export async function importPosts(db: TestDatabase, ...files: string[]): Promise<RunSummary> {
  const runId = await createImportRun(db, { files, machine: 'here' })
  await runImport(db, { runId, formats })
  return (await readRunSummary(db, runId))!
}

/** Every row that an import leaves except snapshots, without generated ids and times. */
export async function rowsOf(db: TestDatabase): Promise<unknown> {
  const { rows } = await db.query(
    `SELECT p.urn, p.full_urn, p.posted_at_timestamp, p.author_username, p.text_content, p.raw_json,
       (SELECT json_agg(json_build_array(m.media_type, m.media_url, m.source_key, m.source_host, m.role,
          m.json_pointers, m.posted_at, m.url_expires_at, m.fate, m.fate_reason, m.width, m.height)
          ORDER BY m.source_key) FROM post_media m WHERE m.post_id = p.post_id) AS media
     FROM posts p ORDER BY p.urn`,
  )
  return rows
}
