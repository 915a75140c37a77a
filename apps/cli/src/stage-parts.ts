import type { StageParts } from '@mediakeep/worker'
import type { Output } from './output.ts'
import type { Session } from './session.ts'
import { reportArchive, storesLine } from './start-report.ts'

/** Opens everything that the stages need. Prints where it is, and logs whether the archive answers. */
export async function stageParts(session: Session, output: Pick<Output, 'note'>): Promise<StageParts> {
  const { config, log } = session
  const { pool, embeddedFolder } = await session.database()
  output.note(storesLine(config, embeddedFolder))
  const archive = session.archive()
  session.inBackground((signal) =>
    archive.then(
      (opened) => reportArchive({ db: pool, archive: opened, log }, signal),
      // Thrown below.
      () => undefined,
    ),
  )
  const [cache, opened, intake, formats, analysis] = await Promise.all([
    session.cache(),
    archive,
    session.intake(),
    session.formats(),
    session.analysis(),
  ])
  output.note(`${(await session.isolation()).summary}.`)
  return { db: pool, cache, archive: opened, ...intake, formats, analysis, config, log }
}
