import type { Sql } from '@mediakeep/sql'
import { appendCustody, type CustodyEntry } from './append.ts'
import type { ChainedEntry } from './entry.ts'

export const WORKER = { process: 'worker', version: '1.2.3' }

function fetched(name: string): CustodyEntry {
  return { kind: 'fetched', subject: `media:${name}`, details: { byteSize: 7 } }
}

export async function append(sql: Sql, ...names: string[]): Promise<void> {
  await appendCustody(sql, WORKER, names.map(fetched))
}

export async function readLog(sql: Sql): Promise<readonly ChainedEntry[]> {
  const { rows } = await sql.query<ChainedEntry & { prev_hash: Buffer }>(
    'SELECT number, payload, prev_hash AS "prevHash", hash FROM mediakeep.custody ORDER BY number',
  )
  return rows
}
