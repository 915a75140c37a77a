import { requeueAnalyses, type ConfiguredAnalyser } from '@mediakeep/analysis'
import type { Conditions, Database, Sql } from '@mediakeep/sql'
import { selectContentsOf, selectLackingCount } from './missing-analyses.sql.ts'

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

/**
 * Asks an analyser for the analyses of these media that do not exist, or that are to be repeated.
 * @param requested checksums that were requested before, and are left out: several pages of media may show one content
 */
export async function requestAnalyses(
  db: Database,
  analyser: string,
  mediaIds: readonly string[],
  requested: Set<string>,
): Promise<void> {
  const { rows } = await selectContentsOf(db, [mediaIds])
  const sha256s = rows.map(({ sha256 }) => sha256).filter((sha256) => !requested.has(sha256))
  for (const sha256 of sha256s) requested.add(sha256)
  await requeueAnalyses(db, { sha256s, analysers: [analyser] })
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
    const { rows } = await selectLackingCount(sql, [mediaTypes, name, version, MOST + 1])
    const { files } = rows[0]!
    if (files > 0)
      lacking.push({ analyser: `${name}@${version}`, files: Math.min(files, MOST), isMore: files > MOST })
  }
  return lacking
}
