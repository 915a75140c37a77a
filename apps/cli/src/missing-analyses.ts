import { requeueAnalyses, type ConfiguredAnalyser } from '@mediakeep/analysis'
import { parameters, type Conditions, type Database, type Sql } from '@mediakeep/sql'

/** SQL over `m`: media of verified contents that the analyser takes; `isMissing`: without a result or a plan of it. */
export function takenBy({ name, version, mediaTypes }: ConfiguredAnalyser, isMissing: boolean): Conditions {
  return (bind) => [
    `EXISTS (SELECT FROM mediakeep.contents c WHERE c.sha256_sum = m.sha256_sum AND c.inspected_at IS NOT NULL
       AND c.rejected_at IS NULL AND c.media_type = ANY (${bind(mediaTypes)}::text[])${isMissing ? ` AND ${lacks(bind(name), bind(version))}` : ''})`,
  ]
}

const lacks = (name: string, version: string): string =>
  `NOT EXISTS (SELECT FROM mediakeep.analyses a WHERE a.sha256_sum = c.sha256_sum AND a.analyser = ${name}
     AND a.analyser_version = ${version})`

/** Media for each analyser that is to run on them. */
export type Requests = ReadonlyMap<string, readonly string[]>

/** Asks for analyses that completed contents do not have, or that are to be repeated. */
export async function requestAnalyses(db: Database, requests: Requests): Promise<void> {
  for (const [name, mediaIds] of requests) await requeueAnalyses(db, { mediaIds, analysers: [name] })
}

export interface Lack {
  readonly analyser: string
  readonly files: number
  /** There are more files than were counted. */
  readonly isMore: boolean
}

/** Counting ends here: a person needs to know only that there are many. */
const MOST = 1000

/** Returns the analysers that some verified contents lack, and of how many. */
export async function lackingAnalyses(sql: Sql, analysers: readonly ConfiguredAnalyser[]): Promise<Lack[]> {
  const lacking: Lack[] = []
  for (const { name, version, mediaTypes } of analysers) {
    const { values, bind } = parameters()
    const { rows } = await sql.query<{ files: number }>(
      `SELECT count(*) AS files FROM (SELECT FROM mediakeep.contents c WHERE c.inspected_at IS NOT NULL
         AND c.rejected_at IS NULL AND c.media_type = ANY (${bind(mediaTypes)}::text[])
         AND ${lacks(bind(name), bind(version))} LIMIT ${bind(MOST + 1)}) found`,
      values,
    )
    const { files } = rows[0]!
    if (files > 0)
      lacking.push({ analyser: `${name}@${version}`, files: Math.min(files, MOST), isMore: files > MOST })
  }
  return lacking
}
