import { heldBy, type HeldLease } from '@mediakeep/lease'
import type { Sql } from '@mediakeep/sql'
import { divertMedia, endRead, endRefused } from './end-files.sql.ts'

/** A file of an export that was read for a media row. */
export interface ReadFile {
  readonly mediaId: string
  readonly exportId: string
  /** Host of the row's URL; undefined when the file is its only source. */
  readonly urlHost: string | undefined
}

/** Ends the places of media whose bytes are stored. Call it in the transaction that settles the rows. */
export async function endReadFiles(sql: Sql, files: readonly ReadFile[]): Promise<void> {
  if (files.length === 0) return
  await endRead(sql, [
    files.map(({ mediaId }) => mediaId),
    files.map(({ exportId }) => exportId),
    files.map(({ urlHost }) => urlHost ?? null),
  ])
}

export interface RefusedFile {
  readonly mediaId: string
  readonly exportId: string
  readonly reason: string
}

/** Remembers that files give no bytes, so that they are not read again unless somebody asks. */
export async function refuseFiles(sql: Sql, files: readonly RefusedFile[]): Promise<void> {
  if (files.length === 0) return
  await endRefused(sql, [
    files.map(({ mediaId }) => mediaId),
    files.map(({ exportId }) => exportId),
    files.map(({ reason }) => reason),
  ])
}

export interface Diversion {
  readonly row: HeldLease
  /** Host of the row's URL, if the URL has not been tried; undefined otherwise. */
  readonly urlHost: string | undefined
}

/**
 * Finds another source for leased media that have failed at one: a file of an export, or else their URL. They stay
 * leased and must be given back. @returns the ids of those that have one
 */
export async function divertDownloads(sql: Sql, failed: readonly Diversion[]): Promise<Set<string>> {
  if (failed.length === 0) return new Set()
  const { rows } = await divertMedia(sql, [
    ...heldBy(failed.map(({ row }) => row)),
    failed.map(({ urlHost }) => urlHost ?? null),
  ])
  return new Set(rows.map((row) => row.media_id))
}
