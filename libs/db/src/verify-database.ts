import type { MigrationStatus } from '@mediakeep/migrations'
import { openPool } from '@mediakeep/postgres'
import { verifySchema, type Check } from '@mediakeep/schema-verify'
import type { Sql } from '@mediakeep/sql'
import { contract } from './contract.ts'
import { migrationStatus } from './migrate-database.ts'

const MEND = 'nx run db:migrate'

/**
 * Holds a database against all that our code believes of it: the schema, the migration history, and (as
 * warnings) rows that older writers left. What we do not own is never looked at.
 */
export async function verifyDatabase(url: string): Promise<Check[]> {
  const pool = openPool(url, { max: 1, applicationName: 'mediakeep-verify' })
  try {
    const schema = await verifySchema(pool, contract)
    const history = checkHistory(await migrationStatus(url))
    const isReadable = !schema.some((check) => !check.ok && /^(table|column) /.test(check.object))
    return [...schema, ...history, ...(isReadable ? await countLeftovers(pool) : [])]
  } finally {
    await pool.close()
  }
}

function checkHistory(statuses: readonly MigrationStatus[]): Check[] {
  const newest = statuses.findLast(({ state }) => state !== 'unknown')?.name ?? ''
  return statuses.map((status) =>
    status.state === 'unknown' ? checkUnknown(status, newest, statuses) : checkKnown(status),
  )
}

function checkKnown({ name, state, otherVersions }: MigrationStatus): Check {
  const isRecorded = state === 'applied'
  const elsewhere =
    otherVersions.length > 0
      ? `recorded as ${otherVersions.join(', ')}, the same migration under another version`
      : ''
  const actual = [isRecorded ? 'recorded' : '', elsewhere].filter(Boolean).join('; also ')
  const ok = actual !== ''
  return {
    object: `migration ${name}`,
    expected: 'recorded',
    actual: actual || 'missing',
    ok,
    severity: 'error',
    ...(ok ? {} : { mend: MEND }),
  }
}

function checkUnknown(
  { name, otherVersions }: MigrationStatus,
  newest: string,
  all: readonly MigrationStatus[],
): Check {
  const file = all.find(({ name: other }) => otherVersions.some((version) => other.startsWith(`${version}_`)))
  const isRenamed = file !== undefined && file.state !== 'unknown'
  const isNewer = name > newest
  return {
    object: `migration ${name}`,
    expected: isRenamed ? `${file.name}, or the same under another version` : 'a file of this name',
    actual: isRenamed ? 'recorded under this version' : isNewer ? 'none: newer than this code' : 'none',
    ok: isRenamed,
    severity: isNewer ? 'warning' : 'error',
  }
}

async function countLeftovers(sql: Sql): Promise<Check[]> {
  const { rows } = await sql.query<{ pending: number; nullLogs: number; unkeyed: number }>(
    `SELECT count(*) FILTER (WHERE ai_analysis_status = 'pending') AS pending,
       count(*) FILTER (WHERE ai_analysis_log IS NULL) AS "nullLogs",
       count(*) FILTER (WHERE source_key IS NULL) AS unkeyed
     FROM public.post_media
     WHERE source_key IS NULL OR ai_analysis_log IS NULL OR ai_analysis_status = 'pending'`,
  )
  const { pending, nullLogs, unkeyed } = rows[0]!
  return [
    leftover('ai_analysis_status = pending', pending),
    leftover('ai_analysis_log null', nullLogs),
    leftover('source_key null', unkeyed),
  ]
}

function leftover(what: string, count: number): Check {
  return {
    object: `rows of post_media with ${what}`,
    expected: '0',
    actual: String(count),
    ok: count === 0,
    severity: 'warning',
    ...(count === 0 ? {} : { mend: `${MEND} (older writers; a running worker does so too)` }),
  }
}
