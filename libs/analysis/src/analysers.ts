import type { MediaType } from '@mediakeep/content'
import type { Database, Sql } from '@mediakeep/sql'
import { UnknownAnalyserError } from './errors.ts'
import { deleteAnalysers, insertAnalysers, selectAnalysers, selectIsConfigured } from './analysers.sql.ts'

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
    const { rows } = await selectIsConfigured(sql, [wanted])
    if (rows[0]!.same) return
    await deleteAnalysers(sql)
    await insertAnalysers(sql, [wanted])
  })
}

/** The configured set, sorted by name. */
export async function configuredAnalysers(sql: Sql): Promise<ConfiguredAnalyser[]> {
  const { rows } = await selectAnalysers(sql)
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
