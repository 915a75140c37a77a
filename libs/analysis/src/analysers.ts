import type { MediaType } from '@mediakeep/content'
import type { Database, Sql } from '@mediakeep/sql'
import { UnknownAnalyserError } from './errors.ts'

/** An analyser of the configured set. */
export interface ConfiguredAnalyser {
  readonly name: string
  readonly version: string
  /** The kinds of media it accepts. */
  readonly mediaTypes: readonly MediaType[]
}

/** An analyser that a claim asks for; without a version, the configured version. */
export interface AnalyserChoice {
  readonly name: string
  readonly version?: string | undefined
}

/**
 * Writes the configured set; servers and workers call it on startup. If the set has changed, contents that are not
 * completed are planned again; completed ones stay completed.
 */
export async function configureAnalysers(
  db: Database,
  analysers: readonly ConfiguredAnalyser[],
): Promise<void> {
  const wanted = JSON.stringify(
    analysers.map(({ name, version, mediaTypes }) => ({ name, version, types: mediaTypes })),
  )
  await db.transaction(async (sql) => {
    await sql.query('LOCK TABLE mediakeep.analysers IN SHARE ROW EXCLUSIVE MODE')
    const { rows } = await sql.query<{ same: boolean }>(
      `WITH wanted AS (SELECT * FROM jsonb_to_recordset($1::jsonb) w (name text, version text, types text[]))
       SELECT NOT EXISTS (
         SELECT FROM wanted w FULL JOIN mediakeep.analysers a USING (name)
         WHERE a.version IS DISTINCT FROM w.version OR NOT (a.media_types @> w.types AND a.media_types <@ w.types)) AS same`,
      [wanted],
    )
    if (rows[0]!.same) return
    await sql.query('DELETE FROM mediakeep.analysers')
    await sql.query(
      `INSERT INTO mediakeep.analysers (name, version, media_types, generation)
       SELECT w.name, w.version, w.types, g.generation
       FROM (SELECT nextval('mediakeep.analysis_generation') AS generation) g
       CROSS JOIN jsonb_to_recordset($1::jsonb) w (name text, version text, types text[])`,
      [wanted],
    )
  })
}

/** The configured set, sorted by name. */
export async function configuredAnalysers(sql: Sql): Promise<ConfiguredAnalyser[]> {
  const { rows } = await sql.query<ConfiguredAnalyser>(
    'SELECT name, version, media_types AS "mediaTypes" FROM mediakeep.analysers ORDER BY name',
  )
  return rows
}

/** Configured analysers that a claim asks for; all of them if it names none. @throws UnknownAnalyserError */
export function chooseAnalysers(
  configured: readonly ConfiguredAnalyser[],
  choices: readonly AnalyserChoice[] | undefined,
): ConfiguredAnalyser[] {
  if (!choices) return [...configured]
  return choices.map(({ name, version }) => {
    const found = configured.find(
      (one) => one.name === name && (version === undefined || one.version === version),
    )
    if (found) return found
    throw new UnknownAnalyserError(
      version === undefined ? name : `${name}@${version}`,
      configured.map((one) => `${one.name}@${one.version}`),
    )
  })
}
