import type { Database, Sql } from '@mediakeep/sql'
import {
  reopenMedia,
  selectLeft,
  selectTroubled,
  selectUnread,
  touchExports,
  updateAbsent,
  updateMachine,
  updateTrouble,
} from './exports.sql.ts'
import type { RegisteredExport } from './place-files.ts'

/** After this time, another machine may check whether it has the export. */
const SILENT_SECONDS = 60
/** After this time media stop waiting for a machine that is away. They wait again when it is back. */
const ABSENT_SECONDS = 24 * 3600
const LOOKED_AT = 20
const REOPENED_AT_ONCE = 1000

/** The exports of a machine for whose files media wait now. */
export async function exportsToRead(sql: Sql, machine: string): Promise<RegisteredExport[]> {
  return (await selectUnread(sql, [machine])).rows
}

/** The exports of a machine that could not be read when they were last looked at. */
export async function troubledExports(sql: Sql, machine: string): Promise<RegisteredExport[]> {
  return (await selectTroubled(sql, [machine])).rows
}

/** Some exports of silent machines for whose files media wait: this machine may have got their disk. */
export async function exportsLeft(sql: Sql, machine: string): Promise<RegisteredExport[]> {
  return (await selectLeft(sql, [machine, SILENT_SECONDS, LOOKED_AT])).rows
}

/** Says that a machine looks after its exports, and lets media no longer wait for machines that are away. */
export async function reportExports(sql: Sql, machine: string): Promise<void> {
  await touchExports(sql, [machine])
  await updateAbsent(sql, [ABSENT_SECONDS])
}

/** @returns false if the machine has registered the same export itself */
export async function takeOverExport(
  sql: Sql,
  { exportId, machine }: RegisteredExport,
  newMachine: string,
): Promise<boolean> {
  return (await updateMachine(sql, [exportId, newMachine, machine])).rows.length > 0
}

/** Media no longer wait for this export until it can be read again. */
export async function setTrouble(sql: Sql, exportId: string, trouble: string): Promise<void> {
  await updateTrouble(sql, [exportId, trouble, null])
}

/**
 * The export can be read again: media that ended meanwhile wait for its files. Those come first, so that a process that
 * dies in between is followed by another.
 */
export async function endTrouble(
  db: Database,
  { exportId, modifiedAt }: Pick<RegisteredExport, 'exportId' | 'modifiedAt'>,
): Promise<void> {
  await reopen(db, exportId)
  await updateTrouble(db, [exportId, null, modifiedAt])
  await reopen(db, exportId)
}

async function reopen(db: Database, exportId: string): Promise<void> {
  for (;;) {
    const { rows } = await reopenMedia(db, [exportId, REOPENED_AT_ONCE])
    if (rows[0]!.reopened === 0) return
  }
}
