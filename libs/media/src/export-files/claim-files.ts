import { randomUUID } from 'node:crypto'
import type { Sql } from '@mediakeep/sql'
import type { LeasedMedia } from '../leased-media.ts'
import { leaseFiles, leaseStrays, readAgain } from './claim-files.sql.ts'

export interface LeasedFile extends LeasedMedia {
  readonly memberPath: string
  readonly memberOrder: number
}

/** A row that waits for a file, and why its export cannot be read; null when no export has the file. */
export interface Stray extends LeasedMedia {
  readonly trouble: string | null
}

/** Where a pass over an export has got to: after this file. */
export interface AfterFile {
  readonly memberOrder: number
  readonly id: string
}

export const FROM_THE_START: AfterFile = { memberOrder: -1, id: '' }

export interface FileClaim {
  readonly exportId: string
  readonly after: AfterFile
  /** Only those whose process died repeatedly, or only the others. */
  readonly isSuspect: boolean
  readonly limit: number
  readonly leaseSeconds: number
}

/** Leases media that wait for files of an export, in the order in which the export is read. */
export async function claimFiles(sql: Sql, claim: FileClaim): Promise<LeasedFile[]> {
  const { exportId, after, isSuspect, limit, leaseSeconds } = claim
  const token = randomUUID()
  const { rows } = await leaseFiles(sql, [
    exportId,
    after.memberOrder,
    after.id,
    isSuspect,
    limit,
    token,
    leaseSeconds,
  ])
  return rows.map((row) => ({ ...row, token }))
}

/** Leases media that wait for a file and have none that can be read. */
export async function claimStrays(
  sql: Sql,
  { limit, leaseSeconds }: Pick<FileClaim, 'limit' | 'leaseSeconds'>,
): Promise<Stray[]> {
  const token = randomUUID()
  const { rows } = await leaseStrays(sql, [limit, token, leaseSeconds])
  return rows.map((row) => ({ ...row, token }))
}

/** Lets files be read again for which media wait although they were read or refused. @returns how many */
export async function readFilesAgain(sql: Sql, limit: number): Promise<number> {
  return (await readAgain(sql, [limit])).rowCount
}
