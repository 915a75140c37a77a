import type { StageParts } from '@mediakeep/worker'
import type { Session } from './session.ts'

/** Everything the stages of the pipeline need, opened. */
export async function stageParts(session: Session): Promise<StageParts> {
  const { config, log } = session
  const { pool } = await session.database()
  const [cache, archive, intake, formats, analysis] = await Promise.all([
    session.cache(),
    session.archive(),
    session.intake(),
    session.formats(),
    session.analysis(),
  ])
  return { db: pool, cache, archive, ...intake, formats, analysis, config, log }
}
