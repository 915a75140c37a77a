import type { Sql } from '@mediakeep/sql'
import { nameOf } from './evict-cache.ts'
import { selectKnownNames, selectKnownPaths } from './orphan-files.sql.ts'

export interface OrphanFiles {
  readonly files: number
  readonly bytes: number
  /** The first few of them. */
  readonly examples: readonly string[]
}

interface ListedFile {
  readonly path: string
  readonly byteSize: number
  readonly lastUsedAt: Date
}

const BATCH = 500
const EXAMPLES = 20

/**
 * Finds files that no content or row refers to, and that were not touched for `minAgeSeconds`.
 *
 * @param onFiles receives the paths of all files of that age, in batches
 */
export async function findOrphanFiles(
  { db, cache }: { db: Sql; cache: { list(): AsyncIterable<ListedFile> } },
  minAgeSeconds: number,
  onFiles: (paths: readonly string[]) => Promise<void>,
): Promise<OrphanFiles> {
  const orphans: ListedFile[] = []
  let batch: ListedFile[] = []
  const look = async (): Promise<void> => {
    orphans.push(...(await withoutContent(db, batch)))
    await onFiles(batch.map((file) => file.path))
    batch = []
  }
  for await (const file of cache.list()) {
    if (Date.now() - file.lastUsedAt.getTime() < minAgeSeconds * 1000) continue
    batch.push(file)
    if (batch.length === BATCH) await look()
  }
  await look()
  const unknown = await withoutRow(db, orphans)
  return {
    files: unknown.length,
    bytes: unknown.reduce((sum, file) => sum + file.byteSize, 0),
    examples: unknown.slice(0, EXAMPLES).map((file) => file.path),
  }
}

async function withoutContent(sql: Sql, files: readonly ListedFile[]): Promise<ListedFile[]> {
  if (files.length === 0) return []
  const names = files.map((file) => nameOf(file.path))
  const known = await selectKnownNames(sql, [names])
  const found = new Set(known.rows.map((row) => row.name))
  return files.filter((_, n) => !found.has(names[n]!))
}

/** Rows of the older tool name their file and have no checksum. */
async function withoutRow(sql: Sql, files: readonly ListedFile[]): Promise<ListedFile[]> {
  if (files.length === 0) return []
  const known = await selectKnownPaths(sql, [files.map((file) => file.path)])
  const found = new Set(known.rows.map((row) => row.path))
  return files.filter((file) => !found.has(file.path))
}
