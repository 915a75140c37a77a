import type { Sql } from '@mediakeep/sql'
import { selectSourceFiles } from './source-files.sql.ts'

/** A file of an export that media come from, or may come from. */
export interface SourceFile {
  /** Path of the file within the export. */
  readonly member: string
  /** Name of the export: the last part of its path. */
  readonly container: string
  readonly kind: 'folder' | 'zip' | 'file'
  /** Digest of the export; for a folder, of the names, sizes and times in it. */
  readonly sha256: string
  /** Absolute path of the export on its machine. */
  readonly path: string
  readonly machine: string
  /** When the bytes were read from it; null if they came from elsewhere, or have not been read. */
  readonly readAt: Date | null
  /** Why it gives no bytes, if it was not read. */
  readonly problem: string | null
}

/** @returns the file of an export behind each media item, by the item's id; other media are left out */
export async function sourceFiles(sql: Sql, mediaIds: readonly string[]): Promise<Map<string, SourceFile>> {
  if (mediaIds.length === 0) return new Map()
  const { rows } = await selectSourceFiles(sql, [mediaIds])
  return new Map(rows.map(({ mediaId, ...file }) => [mediaId, file]))
}
