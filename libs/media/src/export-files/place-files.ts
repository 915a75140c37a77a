import type { Sql } from '@mediakeep/sql'
import { placeMedia, upsertExport } from './place-files.sql.ts'

/** `source_host` of media whose bytes come from a file of an export; no download claims them. */
export const FILE_HOST = 'mediakeep-file:'

/** An export on a machine, as it was when it was imported. */
export interface ExportFacts {
  readonly machine: string
  /** Absolute. */
  readonly path: string
  readonly kind: 'folder' | 'zip' | 'file'
  /** Digest of the file; for a folder, of the names, sizes and times in it. */
  readonly sha256: string
  readonly byteSize: number
  /** Unix time in milliseconds; 0 for a folder. */
  readonly modifiedAt: number
}

export interface RegisteredExport extends ExportFacts {
  readonly exportId: string
}

/** Remembers where an export is. @returns its id, which is an earlier one if the export is the same */
export async function registerExport(sql: Sql, newId: string, facts: ExportFacts): Promise<string> {
  const { machine, path, kind, sha256, byteSize, modifiedAt } = facts
  const { rows } = await upsertExport(sql, [newId, machine, path, kind, sha256, byteSize, modifiedAt])
  return rows[0]!.export_id
}

/** The place of a media row's bytes within an export. */
export interface FilePlace {
  readonly postId: string
  readonly sourceKey: string
  readonly memberPath: string
  /** Position by which an archive is read in one direction. */
  readonly memberOrder: number
}

/**
 * Remembers in which files of an export media are, and lets those wait that have no file yet.
 *
 * @param places sorted by post and source key, without duplicates @returns how many had another fate before
 */
export async function placeFiles(sql: Sql, exportId: string, places: readonly FilePlace[]): Promise<number> {
  const { rows } = await placeMedia(sql, [
    places.map(({ postId }) => postId),
    places.map(({ sourceKey }) => sourceKey),
    exportId,
    places.map(({ memberPath }) => memberPath),
    places.map(({ memberOrder }) => memberOrder),
  ])
  return rows[0]!.reopened
}
